# SPDX-License-Identifier: MIT
# mutants.mk - shows that the tests notice wrong lines in the core.
#
#   make mutants                     every mutant (see mutants.txt)
#   make mutants SAMPLE=N [SEED=N]   some of them
#   make mutants ONLY='3 17'         these
#   make mutants QUICK=1             only by the suites that mutants.txt names
#   make mutants BY=chaos            those that a client can see, by experiments

.PHONY: mutants
mutants: all $(if $(BY),,$(UNIT_TESTS) $(SYSTEM_TESTS))
	@SAMPLE=$(SAMPLE) SEED=$(SEED) ONLY='$(ONLY)' QUICK=$(QUICK) BY=$(BY) \
		CC=$(CC) SANITIZE=$(SANITIZE) tests/mutants/mutants.sh $(BUILD)
