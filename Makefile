# Warrant. `make help` lists the targets.

VERSION = 1.0.0
PREFIX ?= /usr/local
CC ?= cc
CFLAGS ?= -O2 -g
HARDENING ?= -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fPIE
HARDENED_LINK = $(if $(HARDENING),-pie -Wl$(comma)-z$(comma)relro$(comma)-z$(comma)now)
comma = ,
BUILD ?= build/release
BIN ?= bin

FILTERS = aggregate derive describe filter ingest lookup pick pivot plot rank share table unpivot
PROGRAMS = $(FILTERS) warrant
PACKAGES = gcc clang libclang-rt-14-dev libc6-dev make git libcsv-dev libyaml-dev libgmp-dev libmpfr-dev \
	libjansson-dev libssl-dev libarchive-dev libcmark-dev libseccomp-dev bats parallel mandoc cppcheck shellcheck mawk jq \
	binutils openssl bzip2 xz-utils zstd graphviz gnuplot-nox zsh
BENCH_PACKAGES = gawk miller datamash sqlite3 $(if $(shell command -v npm),,nodejs npm)

CPPFLAGS_ALL = -Isrc -D_POSIX_C_SOURCE=200809L -DWARRANT_VERSION='"$(VERSION)"' $(CPPFLAGS)
CFLAGS_ALL = -std=c11 -Wall -Wextra -Wconversion -Wshadow -Werror -ffile-prefix-map=$(CURDIR)=. \
	$(HARDENING) $(CFLAGS) $(SANITIZE)
LIBS = $(HARDENED_LINK) -Wl,--as-needed -pthread -lseccomp -lcsv -lyaml -ljansson -lcrypto -larchive -lmpfr -lgmp -lm

# The debugger's information holds the folder that the compiler takes from PWD, which may name it by a
# link; -ffile-prefix-map knows it by its own name. (With that, a build's bytes are the same anywhere.)
export PWD := $(CURDIR)

MAINS = $(FILTERS:%=src/filters/%.c) src/warrant/warrant.c
MODULES = $(filter-out $(MAINS),$(sort $(wildcard src/*/*.c)))
OBJECTS = $(MODULES:src/%.c=$(BUILD)/%.o)
UNIT_TESTS = $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/*_test.c))

.PHONY: all
all: $(PROGRAMS:%=$(BIN)/%) ## build the programs into bin/ (the default)

$(BUILD)/%.o: src/%.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(BUILD)/libwarrant.a: $(OBJECTS)
	@rm -f $@
	$(AR) rcs $@ $^

$(FILTERS:%=$(BIN)/%): $(BIN)/%: $(BUILD)/filters/%.o $(BUILD)/libwarrant.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BIN)/warrant: $(BUILD)/warrant/warrant.o $(BUILD)/libwarrant.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(LDFLAGS) -o $@ $^ $(LIBS) -lcmark

# The report's stylesheet as string literals, a line each.
$(BUILD)/report/style.inc: src/report/style.css
	@mkdir -p $(@D)
	sed 's/[\\"]/\\&/g; s/.*/"&\\n"/' $< >$@
$(BUILD)/report/style.o: $(BUILD)/report/style.inc
$(BUILD)/report/style.o: CPPFLAGS_ALL += -I$(BUILD)

$(BUILD)/unit/%: tests/unit/%.c $(BUILD)/libwarrant.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -o $@ $< $(BUILD)/libwarrant.a $(LIBS) -lcmark

# Preloaded by tests: a library that makes calls fail, and one that tries what is forbidden.
$(BUILD)/%.so: tests/fault/%.c
	@mkdir -p $(@D)
	$(CC) -O2 -shared -fPIC -o $@ $<

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

.PHONY: deps
deps: ## install what is needed from Debian (through sudo when not root)
	@tests/deps $(PACKAGES)

# In the paper's order; a pipeline that is not named here comes last.
PASSAGES = consultative-meetings defence-rnd-level defence-rnd-growth defence-rnd-share \
	trade-diversification largest-partners us-arms-exports rok-arms-exports forty-years guided-rocket
PIPELINES = $(PASSAGES:%=pipelines/%.yaml) \
	$(filter-out $(PASSAGES:%=pipelines/%.yaml),$(sort $(wildcard pipelines/*.yaml)))
.PHONY: reproduce
reproduce: ## judge every claim in pipelines/ and write the report to build/report/
	@$(MAKE) --no-print-directory $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j "$$(nproc)") all
	@mkdir -p build/report
	@$(BIN)/warrant weave $(PIPELINES) -o build/report/report.html -o build/report/report.md; woven=$$?; \
	$(BIN)/warrant check --csv $(PIPELINES) >build/report/verdicts.csv; \
	$(BIN)/warrant check $(PIPELINES) && exit $$woven

# Debian's own names, unless programs of these names are there already from elsewhere.
BROWSER_PACKAGES = chromium $(if $(shell command -v npm),,nodejs npm)
.PHONY: check-report
check-report: reproduce ## open the report in a real browser, wide and narrow, and check its accessibility
	@tests/deps $(BROWSER_PACKAGES)
	@mkdir -p build/check-report && cp tests/report/package*.json build/check-report
	@cd build/check-report && npm ci --silent --no-audit --no-fund
	@timeout 1200 node tests/report/check.mjs build/report/report.html \
		build/check-report/node_modules/axe-core/axe.min.js build/check-report

# Programs that heed WARRANT_CHUNK, the bytes to read at a time, for the laws that the suite tests.
TEST_BUILD ?= test-build
TEST_BIN ?= build/test/bin
.PHONY: test-build unit
unit: $(UNIT_TESTS) $(BUILD)/fault.so $(BUILD)/intruder.so
test-build:
	@$(MAKE) -s $(or $(GOALS),all) BUILD=build/test BIN=build/test/bin CPPFLAGS='$(CPPFLAGS) -DWARRANT_TEST'

.PHONY: check check-variants
check: all unit $(TEST_BUILD) ## run the whole test suite
	@BIN=$(abspath $(BIN)) UNIT=$(abspath $(BUILD)/unit) FAULTS=$(abspath $(BUILD)/fault.so) \
		INTRUDER=$(abspath $(BUILD)/intruder.so) \
		TEST_BIN=$(abspath $(TEST_BIN)) tests/run
check-variants: GOALS = all unit
check-variants: test-build ## run it for each kind of scanner, for -j 1 and -j 7, for small reads
	@tests/variants build/test

.PHONY: check-conformance
check-conformance: $(BUILD)/unit/scanner_test ## hold the reader against libcsv on COUNT random files (a million)
	@tests/conformance $(BUILD)/unit/scanner_test $(or $(COUNT),1000000) $(SEED)

.PHONY: sanitize
sanitize: ## run the suite under the address and undefined-behaviour sanitizers
	SANITIZED=yes BOUND_FACTOR=20 $(MAKE) --no-print-directory check BUILD=build/sanitize BIN=build/sanitize/bin CFLAGS='-O1 -g' CPPFLAGS=-DWARRANT_TEST \
		SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=all' HARDENING= TEST_BUILD= TEST_BIN=build/sanitize/bin

# Counts of every process, also of those within the sandbox or ended by a signal (counted.c).
COUNTED = build/coverage/counted.o
$(COUNTED): tests/coverage/counted.c
	@mkdir -p $(@D)
	$(CC) -Isrc -DCOUNTS='"$(abspath $(@D))"' -O1 -Wall -Wextra -Werror -c -o $@ $<

.PHONY: coverage
coverage: $(COUNTED) ## count what the suite reaches of src/; fails below 95% of lines or 85% of branches
	@tests/deps gcovr
	@find build/coverage -name '*.gcda' -delete -o -name libgcov.log -delete
	BOUND_FACTOR=10 $(MAKE) --no-print-directory check BUILD=build/coverage BIN=build/coverage/bin CPPFLAGS=-DWARRANT_TEST HARDENING= \
		CFLAGS='-O1 -g --coverage -fprofile-update=atomic -Wno-maybe-uninitialized' \
		LDFLAGS='$(abspath $(COUNTED)) -Wl,--wrap=sandbox_enter,--wrap=raise' \
		TEST_BUILD= TEST_BIN=build/coverage/bin
	@tests/coverage/report

.PHONY: tsan
tsan: ## run the filters' tests under the thread sanitizer, with many threads and small chunks
	$(MAKE) all BUILD=build/tsan BIN=build/tsan/bin CFLAGS='-O1 -g' CPPFLAGS=-DWARRANT_TEST \
		SANITIZE=-fsanitize=thread HARDENING=
	BIN=$(abspath build/tsan/bin) WARRANT_JOBS=7 WARRANT_CHUNK=64 TSAN_OPTIONS=exitcode=66 \
		bats --jobs "$$(nproc)" $(FILTERS:%=tests/%.bats) tests/hostile.bats

.PHONY: valgrind
valgrind: all ## run each filter's tests, and warrant why's, under valgrind (TESTS=)
	@tests/deps valgrind
	@tests/valgrind $(abspath $(BIN)) $(or $(TESTS),$(FILTERS:%=tests/%.bats) tests/warrant-why.bats)

.PHONY: lint
lint: ## warnings of both compilers, analysers, man pages, the include arrow
	@tests/lint

.PHONY: analyse
analyse: all ## have gcc and clang-tidy follow the paths through every function (FILES=)
	@tests/deps clang-tidy
	@FILES='$(FILES)' tests/analyse

# The code under test fails by ending: the linker lets a harness give back what it leaves behind.
FUZZERS = $(patsubst tests/fuzz/%.c,$(BIN)/%,$(wildcard tests/fuzz/*_fuzz.c))
FUZZ_MAINS = $(patsubst %,$(BUILD)/mains/%.o,$(filter-out table,$(FILTERS)))
FUZZ_WRAP = -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free

$(BUILD)/mains/%.o: src/filters/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -Dmain=$*_main -Wno-missing-prototypes -MMD -MP -c -o $@ $<

$(BIN)/%_fuzz: tests/fuzz/%_fuzz.c tests/fuzz/fuzz.c $(FUZZ_MAINS) $(BUILD)/libwarrant.a
	@mkdir -p $(@D)
	$(CC) -Itests/fuzz $(CPPFLAGS_ALL) $(CFLAGS_ALL) -Wno-unused-function -fsanitize=fuzzer $(FUZZ_WRAP) -o $@ $^ $(LIBS)

.PHONY: fuzzers fuzz
fuzzers: $(FUZZERS)
fuzz: ## feed made-up input to every parser for SECONDS each
	@$(MAKE) -s $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j "$$(nproc)") fuzzers \
		CC=clang BUILD=build/fuzz BIN=build/fuzz/bin CPPFLAGS=-DWARRANT_TEST \
		CFLAGS='-O1 -g -fsanitize=fuzzer-no-link' SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=all' HARDENING=
	@tests/fuzz/run $(or $(SECONDS),60)

.PHONY: mutate
mutate: ## break the code in MUTANTS places and see whether a test notices (SEED= FILES= TESTS= AGAIN=)
	@MUTANTS=$(MUTANTS) SEED=$(SEED) FILES='$(FILES)' JOBS=$(JOBS) \
		TESTS='$(TESTS)' AGAIN=$(AGAIN) nice -n 15 tests/mutate

.PHONY: bench
bench: all ## measure against rivals on 500 MB files; install the rivals (ROWS= ROUNDS= WORKS= RIVALS=)
	@tests/deps $(BENCH_PACKAGES)
	@tests/bench/run

.PHONY: bench-scale
bench-scale: all ## measure parts, workers and merges (ROWS= MERGES=)
	@BIN=$(abspath $(BIN)) tests/bench/scale

.PHONY: bench-smoke
bench-smoke: all ## do the works of the benchmark once on small files and compare the answers
	@ROWS=20000 ROUNDS=1 RIVALS='wc cat mawk sort' RESULTS=build/bench/smoke.md \
		tests/bench/run >build/bench-smoke.log 2>&1 || { cat build/bench-smoke.log; exit 1; }

SQL_TOOLS = $(BUILD)/sql/compare $(BUILD)/sql/generate
SQL_MODULES = $(filter-out %/compare.c %/generate.c,$(wildcard tests/sql/*.c))

$(BUILD)/sql/generate: $(SQL_MODULES)
$(BUILD)/sql/%: tests/sql/%.c $(BUILD)/libwarrant.a $(wildcard tests/sql/*.h)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS_ALL) -Itests/sql $(CFLAGS_ALL) -o $@ $(filter %.c %.a,$^) $(LIBS)

.PHONY: check-sql
check-sql: all $(SQL_TOOLS) ## let a private PostgreSQL judge the answers (SEED=, COUNT=)
	@tests/deps postgresql
	@BIN=$(abspath $(BIN)) TOOLS=$(abspath $(BUILD)/sql) SEED=$(SEED) COUNT=$(COUNT) tests/sql/run

.PHONY: check-slurm
check-slurm: all ## run on a Slurm cluster of two nodes, one of which dies
	@tests/deps slurm-wlm munge procps
	@BIN=$(abspath $(BIN)) timeout --kill-after=20 600 tests/slurm/cluster bats tests/slurm/check.bats

.PHONY: check-fresh
check-fresh: ## run the README's two commands in a bare Debian 12 root
	@tests/check-fresh

# In the manual the programs have their prefix where they are named as programs or pages.
PREFIXED = -e 's/^\(\.Nm\|\.Xr\) \([a-z]\)/\1 $(PROGRAM_PREFIX)\2/'

COMPLETIONS = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
FUNCTIONS = $(DESTDIR)$(PREFIX)/share/zsh/site-functions
.PHONY: install uninstall
install: all ## install programs, manual, completions under $(DESTDIR)$(PREFIX), names behind $(PROGRAM_PREFIX)
	install -d $(DESTDIR)$(PREFIX)/bin $(COMPLETIONS) $(FUNCTIONS)
	export PROGRAM_PREFIX=$(PROGRAM_PREFIX); \
	completion/generate bash $(BIN) $(FILTERS) >$(COMPLETIONS)/$(PROGRAM_PREFIX)warrant; \
	completion/generate zsh $(BIN) $(FILTERS) >$(FUNCTIONS)/_$(PROGRAM_PREFIX)warrant
	for program in $(FILTERS); do \
		ln -sf $(PROGRAM_PREFIX)warrant $(COMPLETIONS)/$(PROGRAM_PREFIX)$$program; done
	for program in $(PROGRAMS); do \
		install $(BIN)/$$program $(DESTDIR)$(PREFIX)/bin/$(PROGRAM_PREFIX)$$program || exit 1; done
	for page in man/*.[1-9]; do \
		install -d $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}; \
		sed $(PREFIXED) $$page >$(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$(PROGRAM_PREFIX)$${page##*/}; done

uninstall: ## remove what install put there
	rm -f $(PROGRAMS:%=$(DESTDIR)$(PREFIX)/bin/$(PROGRAM_PREFIX)%)
	rm -f $(PROGRAMS:%=$(COMPLETIONS)/$(PROGRAM_PREFIX)%) $(FUNCTIONS)/_$(PROGRAM_PREFIX)warrant
	for page in man/*.[1-9]; do \
		rm -f $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$(PROGRAM_PREFIX)$${page##*/}; done

.PHONY: clean
clean: ## remove everything that was built
	rm -rf build $(PROGRAMS:%=bin/%)

.PHONY: dist
dist: ## make the release archive, of the same bytes for the same commit
	git -c tar.umask=0022 archive --format=tar --prefix=warrant-$(VERSION)/ HEAD | gzip -9n >warrant-$(VERSION).tar.gz

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z -]*\):.*## \(.*\)/\1|\2/p' Makefile | \
		awk -F'|' '{printf "%-14s %s\n", $$1, $$2}'
