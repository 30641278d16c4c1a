# SPDX-License-Identifier: MIT
# One Makefile without recursion; all output is below build/.
#
#   make SANITIZE=address,undefined test    the tests, instrumented
#   make CC=clang                           build with clang
#   make V=1                                print the commands
#
# Each combination builds in its own directory.

MAKEFLAGS += --no-builtin-rules
# One job per CPU unless -j is given.  Several goals, such as "clean all", run one
# after the other.
MAKEFLAGS += $(if $(word 2,$(MAKECMDGOALS)),,-j$(shell nproc))
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all
Q := $(if $(V),,@)

ifeq ($(origin CC),default)
CC := gcc
endif

# make coverage has its own build and runs the tests with it.
COVERAGE := $(filter coverage,$(MAKECMDGOALS))

BUILD := build$(if $(findstring clang,$(CC)),/clang)$(if \
	$(SANITIZE),/sanitize)$(if $(COVERAGE),/coverage)

# ---- Packages ---------------------------------------------------------------

# Debian packages that the build needs, besides gcc and make.
PACKAGES := libev-dev check node-llhttp libcjson-dev libinih-dev libcmark-dev \
	libjs-dygraphs liblua5.4-dev \
	$(if $(findstring clang,$(CC)),clang $(if $(SANITIZE),libclang-rt-dev)) \
	$(if $(COVERAGE),gcovr)

# $(call require,PACKAGES): installs the missing packages and prints them.  Uses
# no network if none is missing; does nothing where dpkg does not exist.  The
# lock serializes parallel jobs, because apt-get allows only one process.
define require
@command -v dpkg-query >/dev/null || exit 0; \
mkdir -p build && exec 9>build/packages.lock && flock 9 || exit 1; \
missing=; \
for package in $(1); do \
    dpkg-query -W -f '$${Status}' $$package 2>/dev/null | \
        grep -q 'ok installed' || missing="$$missing $$package"; \
done; \
test -n "$$missing" || exit 0; \
if [ "$$(id -u)" = 0 ]; then as_root=; \
elif command -v sudo >/dev/null; then as_root=sudo; \
else \
    echo "missing Debian packages:$$missing"; \
    echo "they cannot be installed without root or sudo; as root, run:" \
         "apt-get install$$missing"; \
    exit 1; \
fi; \
echo "installing missing Debian packages:$$missing"; \
install="$$as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends$$missing"; \
$$install 9>&- || \
    { $$as_root apt-get update -q 9>&- && $$install 9>&-; } || \
    { echo "apt-get failed; not installed:$$missing"; exit 1; }
endef

.PHONY: deps
deps:
	$(call require,$(PACKAGES))

# ---- Flags ------------------------------------------------------------------

WARNINGS := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wswitch-enum -Wvla -Wcast-qual -Wwrite-strings \
	-fno-common
CFLAGS ?= -O2 -g
INSTRUMENT := $(if $(SANITIZE),-fsanitize=$(SANITIZE) \
	-fno-sanitize-recover=all -fno-omit-frame-pointer)$(if \
	$(COVERAGE), --coverage -O0 -fprofile-update=atomic)
COMPILE = $(CC) -std=gnu11 -D_GNU_SOURCE $(CFLAGS) $(INSTRUMENT) -MMD -MP
LINK = $(CC) $(CFLAGS) $(INSTRUMENT) $(LDFLAGS) -Wl,--as-needed $(WRAP)

# llhttp is a library or, as in Debian 12, sources in the package node-llhttp.
ifeq ($(shell pkg-config --exists libllhttp 2>/dev/null && echo yes),yes)
LLHTTP_CFLAGS := $(shell pkg-config --cflags libllhttp)
LLHTTP_LIBS := $(shell pkg-config --libs libllhttp)
LLHTTP_NAMES :=
else
LLHTTP_CFLAGS := -I/usr/share/include/llhttp -DLLHTTP_STRICT_MODE=1
LLHTTP_NAMES := api http llhttp
endif

# libev is linked statically if possible.  Evaluated when linking, because `deps`
# may have just installed it.
LIBEV = $(if $(filter /%,$(shell $(CC) -print-file-name=libev.a)),-l:libev.a,-lev)
# For lessons.  Without pkg-config, or before Lua is installed: Debian's paths.
LUA_CFLAGS := $(or $(shell pkg-config --cflags lua5.4 2>/dev/null), \
	-I/usr/include/lua5.4)
LUA_LIBS := $(or $(shell pkg-config --libs lua5.4 2>/dev/null),-llua5.4)
LIBS = $(LLHTTP_LIBS) $(LIBEV) -lcjson -linih -lcmark $(LUA_LIBS) -lm
CHECK = $(if $(filter /%,$(shell $(CC) -print-file-name=libcheck_pic.a)),-lcheck_pic -lsubunit -lrt,-lcheck)

# ---- What is built ----------------------------------------------------------

# All sources below a folder, so that a new file needs no line here.
sources = $(sort $(shell find $(wildcard $(1)) -name '*.c'))
tests = $(sort $(shell find $(wildcard $(1)) -name 'test_*.c'))
objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard $(1)))

WORKER := $(call objects,$(call sources,worker)) \
	$(LLHTTP_NAMES:%=$(BUILD)/obj/llhttp/%.o)
SUPERVISOR := $(call objects,$(call sources,supervisor))
CHAOS := $(call objects,$(call sources,chaos))
UNIT_TESTS := $(patsubst %.c,$(BUILD)/%,$(call tests,tests/unit))
# The longest test starts first, in parallel with the others.
SYSTEM_TESTS := $(patsubst %.c,$(BUILD)/%,$(call tests,tests/system))
SYSTEM_TESTS := $(filter %/test_rogue_workers,$(SYSTEM_TESTS)) \
	$(filter-out %/test_rogue_workers,$(SYSTEM_TESTS))
# Code shared by tests: an archive, so that each links only what it calls.
HARNESS := $(BUILD)/libharness.a
PROGRAMS := $(BUILD)/supervisor $(BUILD)/chaos

.PHONY: all
all: $(PROGRAMS) $(BUILD)/libworker.a

$(BUILD)/libworker-internal.a: $(WORKER)

# The public library: one object, in which only the public names are global.
$(BUILD)/obj/worker.o: $(WORKER) worker/exports
	$(Q)$(LD) -r -o $@.all $(WORKER)
	$(Q)$(OBJCOPY) --keep-global-symbols=worker/exports $@.all $@
	@rm -f $@.all
$(BUILD)/libworker.a: $(BUILD)/obj/worker.o
	@rm -f $@
	$(Q)$(AR) qcs $@ $^
OBJCOPY ?= objcopy
$(BUILD)/libsupervisor.a: $(filter-out %/main.o,$(SUPERVISOR))
$(BUILD)/libchaos.a: $(filter-out %/main.o,$(CHAOS))
$(HARNESS): $(filter-out $(patsubst $(BUILD)/%,$(BUILD)/obj/%.o, \
	$(UNIT_TESTS) $(SYSTEM_TESTS)),$(call objects,$(call sources, \
	tests/harness tests/unit tests/system)))
FLOORS := $(BUILD)/libchaos.a $(BUILD)/libsupervisor.a $(BUILD)/libworker-internal.a

# In coverage builds a worker must write its data before _exit(2).
ifneq ($(COVERAGE),)
WRAP := -Wl,--wrap=_exit
$(PROGRAMS) $(UNIT_TESTS) $(SYSTEM_TESTS): $(call objects,tests/coverage/*.c)
endif

# Archives are rebuilt completely, so that no object of a deleted source remains.
# q, not r: files in different folders may have the same name.
$(FLOORS) $(HARNESS):
	@mkdir -p $(@D)
	@rm -f $@
	$(Q)$(AR) qcs $@ $^

# The supervisor is linked statically if possible: a fork has fewer mappings to
# copy, and a worker touches no pages of a dynamic linker.
STATIC = $(if $(INSTRUMENT),,$(if $(filter /%,$(shell \
	$(CC) -print-file-name=libev.a)),$(if $(filter /%,$(shell \
	$(CC) -print-file-name=libc.a)),$(if $(LLHTTP_NAMES),-static))))

$(BUILD)/supervisor: $(BUILD)/obj/supervisor/main.o \
		$(filter-out %/libchaos.a,$(FLOORS))
	@echo '  link $@'
	$(Q)$(LINK) $(STATIC) -o $@ $^ $(LLHTTP_LIBS) $(LIBEV) -lm

$(BUILD)/chaos: $(BUILD)/obj/chaos/main.o $(FLOORS)
	@echo '  link $@'
	$(Q)$(LINK) -o $@ $^ $(LIBS)

$(UNIT_TESTS): $(BUILD)/%: $(BUILD)/obj/%.o $(HARNESS) $(FLOORS)
	@mkdir -p $(@D)
	@echo '  link $@'
	$(Q)$(LINK) -o $@ $^ $(CHECK) $(LIBS)

$(SYSTEM_TESTS): $(BUILD)/%: $(BUILD)/obj/%.o $(HARNESS) $(FLOORS)
	@mkdir -p $(@D)
	@echo '  link $@'
	$(Q)$(LINK) -o $@ $^ $(CHECK) $(LIBS)

# Keep intermediate files.
.SECONDARY:

$(BUILD)/obj/tests/%.o: CPPFLAGS += -DBUILD_DIRECTORY='"$(BUILD)"'

$(BUILD)/obj/%.o: %.c $(BUILD)/command | deps
	@mkdir -p $(@D)
	@echo '  $(notdir $(CC)) $<'
	$(Q)$(COMPILE) $(WARNINGS) -I. $(LLHTTP_CFLAGS) $(LUA_CFLAGS) \
		$(CPPFLAGS) -c -o $@ $<

# Third-party code: without our warnings.
LLHTTP := $(LLHTTP_NAMES:%=$(BUILD)/obj/llhttp/%.o)
$(LLHTTP): $(BUILD)/obj/llhttp/%.o: /usr/share/llhttp/%.c $(BUILD)/command | deps
	@mkdir -p $(@D)
	@echo '  $(notdir $(CC)) $<'
	$(Q)$(COMPILE) $(LLHTTP_CFLAGS) -c -o $@ $<

# An empty rule for the sources, because `deps` may have to install them.
$(LLHTTP_NAMES:%=/usr/share/llhttp/%.c): | deps ;

# Changes when the compile command changes.
$(BUILD)/command: FORCE
	@mkdir -p $(@D)
	@echo '$(COMPILE) $(WARNINGS) $(LLHTTP_CFLAGS)' | cmp -s - $@ || \
		echo '$(COMPILE) $(WARNINGS) $(LLHTTP_CFLAGS)' > $@

.PHONY: FORCE
FORCE:

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

# ---- Targets ----------------------------------------------------------------

.PHONY: help
help:
	@echo 'make            build/supervisor, build/chaos, build/libworker.a'
	@echo 'make demo       kills workers under load and shows the result (36 s)'
	@echo 'make test       system tests, then unit tests'
	@echo 'make unit       unit tests; make system: system tests'
	@echo 'make lint       layers, purity, format, static analysis'
	@echo 'make coverage   tests, and the lines and branches that they run'
	@echo 'make chaos      experiments that must pass, and one table'
	@echo 'make lessons    all lessons, and a page; make lesson-NAME: one lesson'
	@echo 'make compare    the same kills with other installed servers'
	@echo 'make bench      speed and size, compared with yardsticks'
	@echo 'make bench-deps installs the servers that make bench compares with'
	@echo 'make crashpoints  kills workers at every call, at some instructions'
	@echo 'make proof      kills at every instruction (hours; can be continued)'
	@echo 'make kernelfaults  makes system calls of supervisor and workers fail'
	@echo 'make mutants    one wrong line at a time: which suite notices?'
	@echo 'make model      checks the handoff protocol exhaustively'
	@echo 'make soak       ten minutes of load and faults; nothing may grow'
	@echo 'make fuzz       fuzzes records, messages, requests and experiments'
	@echo 'make clean      removes build/'
	@echo
	@echo 'All targets accept SANITIZE=address,undefined and CC=clang.'

.PHONY: demo
demo: all
	@chaos/experiments/demo/demo.sh $(BUILD)/chaos build/runs/demo

.PHONY: test unit system
test: all $(UNIT_TESTS) $(SYSTEM_TESTS)
	@tests/run.sh $(SYSTEM_TESTS) $(UNIT_TESTS)
unit: $(UNIT_TESTS)
	@tests/run.sh $(UNIT_TESTS)
system: all $(SYSTEM_TESTS)
	@tests/run.sh $(SYSTEM_TESTS)

LINT_PACKAGES := clang-format cppcheck

.PHONY: lint
lint: all $(UNIT_TESTS) $(SYSTEM_TESTS)
	$(call require,$(LINT_PACKAGES))
	@BUILD=$(BUILD) tests/lint/all.sh

.PHONY: coverage
coverage: test
	@$(GCOVR)
	@$(GCOVR) --branches

# Called twice: for lines and for branches.
GCOVR = gcovr --root . --object-directory $(BUILD)/obj $(BUILD)/obj \
	--exclude-throw-branches --exclude-unreachable-branches \
	--filter worker/ --filter supervisor/ --filter chaos/

.PHONY: clean
clean:
	rm -rf build

# Folders with their own targets.
-include $(sort $(wildcard tests/*/*.mk)) chaos/chaos.mk
