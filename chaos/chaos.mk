# SPDX-License-Identifier: MIT
# chaos.mk - targets that run experiments; included by the top-level Makefile.

.PHONY: chaos compare lessons

# All lessons and a page of their results; or one lesson.
lessons: all
	@$(BUILD)/chaos lesson all

lesson-%: all FORCE
	@$(BUILD)/chaos lesson $*

# All experiments that must hold, then a table.  Takes about two minutes.
chaos: all
	@chaos/experiments/all.sh $(BUILD)/chaos build/runs $(filter-out \
		%/control-no-retain.ini,$(wildcard chaos/experiments/*.ini))

# The same kills against every installed system, then a table and a page.  Their
# exit status is ignored: a system that loses requests is a result.
compare: all
	@chaos/experiments/all.sh -k $(BUILD)/chaos build/runs/compare \
		$(wildcard chaos/experiments/others/*.ini)

# The files that these objects embed, in each build directory.
EMBEDDING := $(BUILD)/obj build/fuzz/obj
$(EMBEDDING:%=%/chaos/report/html.o): chaos/report/page.html \
	chaos/report/page.js
$(EMBEDDING:%=%/chaos/report/template.o): chaos/report/style.css \
	chaos/report/charts.js
$(EMBEDDING:%=%/chaos/course/lessons_html.o): chaos/course/lessons.html \
	chaos/course/lessons.js
$(EMBEDDING:%=%/chaos/course/lua_values.o): chaos/course/stats.lua
