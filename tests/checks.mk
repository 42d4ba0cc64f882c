# What is checked besides the suite, each by a target of its own; part of the Makefile.

# ---- the suite again, otherwise built or watched ----

.PHONY: check-variants
check-variants: GOALS = all unit
check-variants: test-build ## run it for each kind of scanner, for -j 1 and -j 7, for small reads
	@tests/variants build/test

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

# ---- the code ----

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
mutate: ## break the code in MUTANTS places and see whether a test notices (SEED= FILES= TESTS= KEEP=)
	@MUTANTS=$(MUTANTS) SEED=$(SEED) FILES='$(FILES)' JOBS=$(JOBS) \
		TESTS='$(TESTS)' KEEP=$(KEEP) nice -n 15 tests/mutate

# ---- against others ----

.PHONY: check-conformance
check-conformance: $(BUILD)/unit/scanner_test ## hold the reader against libcsv on COUNT random files (a million)
	@tests/conformance $(BUILD)/unit/scanner_test $(or $(COUNT),1000000) $(SEED)

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

BENCH_PACKAGES = gawk miller datamash sqlite3 $(if $(shell command -v npm),,nodejs npm)

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

# ---- where it is used ----

# Debian's own names, unless programs of these names are there already from elsewhere.
BROWSER_PACKAGES = chromium $(if $(shell command -v npm),,nodejs npm)
.PHONY: check-report
check-report: reproduce ## open the report in a real browser, wide and narrow, and check its accessibility
	@tests/deps $(BROWSER_PACKAGES)
	@mkdir -p build/check-report && cp tests/report/package*.json build/check-report
	@cd build/check-report && npm ci --silent --no-audit --no-fund
	@timeout 1200 node tests/report/check.mjs build/report/report.html \
		build/check-report/node_modules/axe-core/axe.min.js build/check-report

.PHONY: check-fresh
check-fresh: ## run the README's two commands in a bare Debian 12 root
	@tests/check-fresh
