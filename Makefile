# One Makefile, no recursion, everything that is made lies below build/.
#
#   make SANITIZE=address,undefined test    the same tests, instrumented
#   make CC=clang                           the other compiler
#   make V=1                                shows the commands
#
# Each combination builds in a directory of its own, so that none spoils
# another's objects.

MAKEFLAGS += --no-builtin-rules
# As many jobs as there are CPUs, unless -j says otherwise; but several goals,
# such as "clean all", one after the other.
MAKEFLAGS += $(if $(word 2,$(MAKECMDGOALS)),,-j$(shell nproc))
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all
Q := $(if $(V),,@)

ifeq ($(origin CC),default)
CC := gcc
endif

# make coverage builds for itself, and runs the tests there.
COVERAGE := $(filter coverage,$(MAKECMDGOALS))

BUILD := build$(if $(findstring clang,$(CC)),/clang)$(if \
	$(SANITIZE),/sanitize)$(if $(COVERAGE),/coverage)

# ---- Packages ---------------------------------------------------------------

# Debian's names of what the build needs besides gcc and make.
PACKAGES := libev-dev check node-llhttp libcjson-dev libinih-dev \
	liblua5.4-dev \
	$(if $(findstring clang,$(CC)),clang $(if $(SANITIZE),libclang-rt-dev)) \
	$(if $(COVERAGE),gcovr)

# $(call require,PACKAGES): installs those that are missing, and says so.  Asks
# no network when nothing is; elsewhere than on Debian it leaves the question
# to the compiler.  One job at a time: Debian has one lock for all.
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
    echo "neither root nor sudo here: ask somebody who is to run" \
         "apt-get install$$missing"; \
    exit 1; \
fi; \
echo "installing missing Debian packages:$$missing"; \
install="$$as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends$$missing"; \
$$install 9>&- || \
    { $$as_root apt-get update -q 9>&- && $$install 9>&-; } || \
    { echo "cannot install$$missing"; exit 1; }
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

# A distribution has llhttp as a library, or, as Debian 12 has it, as sources
# that come with Node.
ifeq ($(shell pkg-config --exists libllhttp 2>/dev/null && echo yes),yes)
LLHTTP_CFLAGS := $(shell pkg-config --cflags libllhttp)
LLHTTP_LIBS := $(shell pkg-config --libs libllhttp)
LLHTTP_NAMES :=
else
LLHTTP_CFLAGS := -I/usr/share/include/llhttp -DLLHTTP_STRICT_MODE=1
LLHTTP_NAMES := api http llhttp
endif

# libev linked statically where it can be.  Asked when linking, since deps may just have installed it.
LIBEV = $(if $(filter /%,$(shell $(CC) -print-file-name=libev.a)),-l:libev.a,-lev)
# For lessons.  Where pkg-config is missing, or Lua still is: as Debian has it.
LUA_CFLAGS := $(or $(shell pkg-config --cflags lua5.4 2>/dev/null), \
	-I/usr/include/lua5.4)
LUA_LIBS := $(or $(shell pkg-config --libs lua5.4 2>/dev/null),-llua5.4)
LIBS = $(LLHTTP_LIBS) $(LIBEV) -lcjson -linih $(LUA_LIBS) -lm
CHECK = $(if $(filter /%,$(shell $(CC) -print-file-name=libcheck_pic.a)),-lcheck_pic -lsubunit -lrt,-lcheck)

# ---- What is built ----------------------------------------------------------

# Every source below a folder, however deep; a new file needs no line here.
sources = $(sort $(shell find $(wildcard $(1)) -name '*.c'))
tests = $(sort $(shell find $(wildcard $(1)) -name 'test_*.c'))
objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard $(1)))

WORKER := $(call objects,$(call sources,worker)) \
	$(LLHTTP_NAMES:%=$(BUILD)/obj/llhttp/%.o)
SUPERVISOR := $(call objects,$(call sources,supervisor))
CHAOS := $(call objects,$(call sources,chaos))
UNIT_TESTS := $(patsubst %.c,$(BUILD)/%,$(call tests,tests/unit))
# The longest runs first, so that the other programs run meanwhile.
SYSTEM_TESTS := $(patsubst %.c,$(BUILD)/%,$(call tests,tests/system))
SYSTEM_TESTS := $(filter %/test_rogue_workers,$(SYSTEM_TESTS)) \
	$(filter-out %/test_rogue_workers,$(SYSTEM_TESTS))
# What tests share: an archive, so that each links only what it calls.
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

# Coverage builds write down what they ran also when a worker leaves.
ifneq ($(COVERAGE),)
WRAP := -Wl,--wrap=_exit
$(PROGRAMS) $(UNIT_TESTS) $(SYSTEM_TESTS): $(call objects,tests/coverage/*.c)
endif

# Written from nothing each time, so that the object of a deleted source does
# not stay; with q, since two folders may have a file of one name.
$(FLOORS) $(HARNESS):
	@mkdir -p $(@D)
	@rm -f $@
	$(Q)$(AR) qcs $@ $^

# Linked statically where it can be: a forked worker touches no page of a
# dynamic linker, and there are fewer mappings for a fork to copy.
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

# Kept: they are built on the way to the tests.
.SECONDARY:

$(BUILD)/obj/tests/%.o: CPPFLAGS += -DBUILD_DIRECTORY='"$(BUILD)"'

$(BUILD)/obj/%.o: %.c $(BUILD)/command | deps
	@mkdir -p $(@D)
	@echo '  $(notdir $(CC)) $<'
	$(Q)$(COMPILE) $(WARNINGS) -I. $(LLHTTP_CFLAGS) $(LUA_CFLAGS) \
		$(CPPFLAGS) -c -o $@ $<

# Not ours: no warnings of ours.
LLHTTP := $(LLHTTP_NAMES:%=$(BUILD)/obj/llhttp/%.o)
$(LLHTTP): $(BUILD)/obj/llhttp/%.o: /usr/share/llhttp/%.c $(BUILD)/command | deps
	@mkdir -p $(@D)
	@echo '  $(notdir $(CC)) $<'
	$(Q)$(COMPILE) $(LLHTTP_CFLAGS) -c -o $@ $<

# An empty rule for the sources, so that deps may bring them first.
$(LLHTTP_NAMES:%=/usr/share/llhttp/%.c): | deps ;

# Changes when the way of compiling does.
$(BUILD)/command: FORCE
	@mkdir -p $(@D)
	@echo '$(COMPILE) $(WARNINGS) $(LLHTTP_CFLAGS)' | cmp -s - $@ || \
		echo '$(COMPILE) $(WARNINGS) $(LLHTTP_CFLAGS)' > $@

.PHONY: FORCE
FORCE:

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

# ---- What is done -----------------------------------------------------------

.PHONY: help
help:
	@echo 'make            build/supervisor, build/chaos, build/libworker.a'
	@echo 'make demo       workers die, a client watches (about 40 s)'
	@echo 'make test       unit tests, then system tests'
	@echo 'make unit       unit tests alone; make system likewise'
	@echo 'make lint       layers, purity, format, static analysis'
	@echo 'make coverage   the tests again, and which lines they ran'
	@echo 'make chaos      experiments that must hold, and one table'
	@echo 'make lessons    the course: predictions, runs, and a page; lesson-NAME'
	@echo 'make compare    the same kills against others found here'
	@echo 'make bench      speed, beside yardsticks of the same run'
	@echo 'make crashpoints  workers die at every call, at sampled instructions'
	@echo 'make proof      and at every instruction (hours; goes on where it was)'
	@echo 'make kernelfaults  system calls of the supervisor and workers fail'
	@echo 'make model      the handoff protocol, exhaustively'
	@echo 'make soak       ten minutes of everything; nothing may grow'
	@echo 'make fuzz       records, messages, requests that nobody meant'
	@echo 'make clean      removes build/'
	@echo
	@echo 'SANITIZE=address,undefined and CC=clang go with all of them.'

.PHONY: demo
demo: all
	@$(BUILD)/chaos demo

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

# Once by lines, once by branches.
GCOVR = gcovr --root . --object-directory $(BUILD)/obj $(BUILD)/obj \
	--exclude-throw-branches --exclude-unreachable-branches \
	--filter worker/ --filter supervisor/ --filter chaos/

.PHONY: clean
clean:
	rm -rf build

# Fragments of the folders that have targets of their own.
-include $(sort $(wildcard tests/*/*.mk)) chaos/chaos.mk
