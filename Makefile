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

# Programs that heed WARRANT_CHUNK, the bytes to read at a time, for the laws that the suite tests.
TEST_BUILD ?= test-build
TEST_BIN ?= build/test/bin
.PHONY: test-build unit
unit: $(UNIT_TESTS) $(BUILD)/fault.so $(BUILD)/intruder.so
test-build:
	@$(MAKE) -s $(or $(GOALS),all) BUILD=build/test BIN=build/test/bin CPPFLAGS='$(CPPFLAGS) -DWARRANT_TEST'

.PHONY: check
check: all unit $(TEST_BUILD) ## run the whole test suite
	@BIN=$(abspath $(BIN)) UNIT=$(abspath $(BUILD)/unit) FAULTS=$(abspath $(BUILD)/fault.so) \
		INTRUDER=$(abspath $(BUILD)/intruder.so) \
		TEST_BIN=$(abspath $(TEST_BIN)) tests/run

.PHONY: lint
lint: ## warnings of both compilers, analysers, man pages, the include arrow
	@tests/lint

include tests/checks.mk

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
	@sed -n 's/^\([a-z -]*\):.*## \(.*\)/\1|\2/p' Makefile tests/checks.mk | \
		awk -F'|' '{printf "%-17s %s\n", $$1, $$2}'
