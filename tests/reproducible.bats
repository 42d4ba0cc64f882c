# The same commit gives the same bytes: programs, report and release archive, wherever and by whom
# they are made.  One tree here is a clone, the other the release archive, unpacked far from it.
# The clone has what is under test as its build; if that was made with other flags than the
# archive's, so that no bytes are the same, it is built there anew.

load helpers

# release: what is under test is built as it is released.
release() {
    [ "$BIN" = "$ROOT/bin" ]
}

# The tree that is under test, as a commit, though it may be an unpacked archive itself.
commit() {
    mkdir commit
    tar -C "$ROOT" --exclude=./.git --exclude=./build --exclude='./bin/[a-z]*' -c . | tar -C commit -x
    git -C commit init --quiet
    git -C commit add .
    git -C commit -c user.name=Nobody -c user.email=nobody@example.org commit --quiet \
        --date=2018-11-24T12:00:00Z -m 'The tree under test'
}

# plain COMMAND...: runs it as a shell of its own would, without what make and the tests have set.
plain() {
    env -i PATH="$(tr : '\n' <<<"$PATH" | grep -vxF "$BIN" | grep -v bats-core | paste -sd :)" \
        HOME="$BATS_FILE_TMPDIR" PWD="$PWD" "$@"
}

# quietly COMMAND...: what it says is said if it fails.
quietly() {
    "$@" >said 2>&1 || { cat said; return 1; }
}

# The second tree is reached by a link, whose name is what a shell that went there has in PWD.
setup_file() {
    release || return 0
    cd "$BATS_FILE_TMPDIR" || return 1
    commit
    make_archives
    mkdir -p a/folder/of/another/length
    tar -xf near/warrant-*.tar.gz -C a/folder/of/another/length
    ln -s a/folder/of/another/length/warrant-* far
    (umask 077 && cd far && quietly plain TZ=Asia/Seoul LC_ALL=C.UTF-8 make -s -j2 all)
    if diff -r "$ROOT/bin" far/bin >/dev/null && [ -d "$ROOT/build/release" ]; then
        mkdir near/build
        cp -r "$ROOT/bin" near
        cp -r "$ROOT/build/release" near/build
        quietly plain make -s -C near --touch all
    else
        (cd near && quietly plain make -s -j2 all)
    fi
}

# The archive from two clones, under another umask, at another time.
make_archives() {
    git clone --quiet commit near
    plain make -s -C near dist
    sleep 1.1
    git clone --quiet commit another
    git -C another config tar.umask user
    (umask 077 && plain TZ=Asia/Seoul make -s -C another dist)
}

setup() {
    release || skip 'other builds are not released'
    cd "$BATS_FILE_TMPDIR" || return 1
}

@test "this tree and the archive, built in different folders and zones, are the same programs" {
    [ "$(ls near/bin | wc -l)" -gt 10 ]
    diff -r near/bin far/bin
}

@test "two archives of a commit have the same bytes" {
    cmp near/warrant-*.tar.gz another/warrant-*.tar.gz
}

@test "the archive holds every file of the commit, and not who made it" {
    tar -tzf near/warrant-*.tar.gz | sed -n 's/^[^/]*\///; /[^/]$/p' | sort >held
    git -C commit ls-files | sort | diff - held
    run bash -c 'tar -tvzf near/warrant-*.tar.gz | grep -v " root/root "'
    same ''
}

@test "tests run in the unpacked archive, where there is no git" {
    cd far
    quietly plain BIN="$PWD/bin" bats tests/pick.bats tests/warrant-why.bats
}

@test "the report of both has the same bytes, and every claim the verdict that is expected" {
    for tree in near far; do
        (cd "$tree" && quietly plain WARRANT_CACHE="$BATS_TEST_TMPDIR/$tree" make -s reproduce \
            PIPELINES='pipelines/consultative-meetings.yaml pipelines/defence-rnd-share.yaml')
    done
    [ -s near/build/report/report.html ] && [ -s near/build/report/report.md ]
    diff -r near/build/report far/build/report
}
