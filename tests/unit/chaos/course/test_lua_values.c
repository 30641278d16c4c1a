/* SPDX-License-Identifier: MIT */
/* test_lua_values.c - conversion of values to and from Lua, the limits of the
 * sandbox, and the statistics functions of lessons. */
#include "chaos/course/lua_values.h"
#include "tests/harness/run_suite.h"
#include <stdlib.h>
#include <string.h>

static lua_State *lua;

static void begin(void)
{
    lua = lesson_lua_new();
    ck_assert_ptr_nonnull(lua);
}

static void end(void)
{
    ck_assert_int_eq(lua_gettop(lua), 0);
    lesson_lua_free(lua);
}

/* Runs `code` and leaves its result on the stack. */
static void run(const char *code)
{
    char why[512];

    ck_assert_msg(luaL_loadstring(lua, code) == LUA_OK, "%s",
                  lua_tostring(lua, -1));
    ck_assert_msg(lesson_lua_call(lua, 0, 1, why, sizeof(why)), "%s", why);
}

static double number(const char *code)
{
    double value;

    run(code);
    ck_assert_msg(lua_isnumber(lua, -1), "%s", code);
    value = lua_tonumber(lua, -1);
    lua_pop(lua, 1);
    return value;
}

/* ---- Conversion --------------------------------------------------------- */

static const char *const values[] = {
    "1",
    "-0.25",
    "9007199254740991",
    "\"text\"",
    "true",
    "false",
    "null",
    "[1,2,3]",
    "{\"a\":1}",
    "[[1],{\"x\":[true,\"y\"]}]",
};

START_TEST(value_survives_conversion_to_lua_and_back)
{
    cJSON *there = cJSON_Parse(values[_i]), *back;

    begin();
    lesson_lua_push(lua, there);
    back = lesson_lua_take(lua, -1);
    ck_assert(cJSON_Compare(there, back, 1));
    lua_pop(lua, 1);
    cJSON_Delete(there);
    cJSON_Delete(back);
    end();
}
END_TEST

START_TEST(values_without_json_equivalent_are_omitted)
{
    char *text;
    cJSON *taken;

    begin();
    run("local t = { f = print, n = 0/0, g = function() end, [1.5] = 1 }\n"
        "t.self = { 1 }\n"
        "return t");
    taken = lesson_lua_take(lua, -1);
    lua_pop(lua, 1);
    ck_assert(cJSON_IsNull(cJSON_GetObjectItem(taken, "n")));
    ck_assert_ptr_null(cJSON_GetObjectItem(taken, "g"));
    cJSON_Delete(taken);
    run("local t = {}; t.t = t; return t");
    taken = lesson_lua_take(lua, -1);
    lua_pop(lua, 1);
    text = cJSON_PrintUnformatted(taken);
    ck_assert_uint_lt(strlen(text), 200);
    free(text);
    cJSON_Delete(taken);
    end();
}
END_TEST

/* ---- Sandbox ------------------------------------------------------------ */

START_TEST(sandbox_has_no_io_and_loads_no_code)
{
    static const char *const names[] = { "io",       "os",      "debug",
                                         "package",  "require", "dofile",
                                         "loadfile", "load",    "print" };
    begin();
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        ck_assert_int_eq(lua_getglobal(lua, names[i]), LUA_TNIL);
    lua_settop(lua, 0);
    end();
}
END_TEST

START_TEST(endless_loop_is_aborted)
{
    char why[512];

    begin();
    ck_assert_int_eq(luaL_loadstring(lua, "while true do end"), LUA_OK);
    ck_assert(!lesson_lua_call(lua, 0, 1, why, sizeof(why)));
    ck_assert_msg(strstr(why, ":1: too many instructions") != NULL, "%s", why);
    end();
}
END_TEST

/* ---- Statistics --------------------------------------------------------- */

static const struct {
    const char *code;
    double value;
} sums[] = {
    { "return stats.sum { 1, 2, 3 }", 6 },
    { "return stats.mean { 1, 2, 6 }", 3 },
    { "return stats.median { 9, 1, 5 }", 5 },
    { "return stats.quantile({ 4, 1, 3, 2 }, 0.75)", 3 },
    { "return stats.jain { 5, 5, 5 }", 1 },
    { "return stats.jain { 9, 0, 0 }", 1.0 / 3 },
    { "return (stats.fit_line { { 1, 3 }, { 2, 5 }, { 4, 9 } })", 2 },
    { "return select(2, stats.fit_line { { 1, 3 }, { 2, 5 } })", 1 },
    { "return stats.erlang_b(1, 1)", 0.5 },
    { "return stats.erlang_b(2, 1)", 0.2 },
    { "return stats.erlang_c(2, 1)", 1.0 / 3 },
    { "return stats.erlang_c(2, 3)", 1 },
    { "return #stats.events({ log = { { event = 'exit' }, { text = 'x' } } },"
      " 'exit')",
      1 },
    { "return #stats.events(log, { event = 'exit', code = 1 })", 2 },
    { "return #stats.events(log, function(event) return event.slot == 2 end)",
      2 },
    { "return #stats.times(log, 'fork', { event = 'exit', code = 1 })", 1 },
    { "return stats.times(log, { slot = 2 }, 'exit')[1]", 1.5 },
    { "return #stats.times(log, 'exit', 'exit')", 2 },
    { "return #stats.times(log, 'fork', 'reload')", 0 },
    { "return stats.every({ 1, 2 }, function(n) return n > 0 end) and 1", 1 },
    { "return stats.every({ 1, 2 }, function(n) return n > 1 end) or 1", 1 },
    { "return stats.every({}, function() return false end) and 1", 1 },
    { "return stats.rate({ phases = { fault = { from_us = 1e5 } },"
      " series = { step_us = 1e5, ok = { 9, 2, 4, 9 } } }, 'ok', 0, 0.2)",
      30 },
    { "return stats.mean {} == nil and 1", 1 },
    { "return machine.processors >= 1 and 1", 1 },
};

START_TEST(unbounded_allocation_is_aborted)
{
    char why[512];

    begin();
    ck_assert_int_eq(luaL_loadstring(lua, "local t = {}\n"
                                          "while true do\n"
                                          "  t[#t + 1] = ('x'):rep(1e6) .. #t\n"
                                          "end"),
                     LUA_OK);
    ck_assert(!lesson_lua_call(lua, 0, 1, why, sizeof(why)));
    ck_assert_msg(strstr(why, "not enough memory") != NULL, "%s", why);
    end();
}
END_TEST

START_TEST(statistics_match_the_table)
{
    begin();
    run("return { log = { { event = 'fork', slot = 1, time = 1 },\n"
        "  { event = 'exit', slot = 1, code = 1, time = 2 },\n"
        "  { text = 'a line' },\n"
        "  { event = 'exit', slot = 1, code = 1, time = 3 },\n"
        "  { event = 'fork', slot = 2, time = 3.5 },\n"
        "  { event = 'exit', slot = 2, code = 0, time = 4 } } }");
    lua_setglobal(lua, "log");
    ck_assert_double_eq_tol(number(sums[_i].code), sums[_i].value, 1e-9);
    end();
}
END_TEST

START_TEST(fit_recovers_the_parameters_of_a_law)
{
    begin();
    run("local points = {}\n"
        "for _, n in ipairs { 1, 2, 4, 8, 16, 32 } do\n"
        "  points[#points + 1] =\n"
        "    { n, 100 * n / (1 + 0.05 * (n - 1) + 0.002 * n * (n - 1)) }\n"
        "end\n"
        "return stats.fit_usl(points)");
    lua_setglobal(lua, "law");
    ck_assert_double_eq_tol(number("return law.gamma"), 100, 0.5);
    ck_assert_double_eq_tol(number("return law.alpha"), 0.05, 0.001);
    ck_assert_double_eq_tol(number("return law.beta"), 0.002, 0.0001);
    ck_assert_double_eq_tol(number("return law.at(1)"), 100, 0.5);
    ck_assert_double_eq_tol(number("return law.peak"), 21.8, 1);
    end();
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("lua_values");

    tcase_add_loop_test(cases, value_survives_conversion_to_lua_and_back, 0,
                        ROWS(values));
    tcase_add_test(cases, values_without_json_equivalent_are_omitted);
    tcase_add_test(cases, sandbox_has_no_io_and_loads_no_code);
    tcase_add_test(cases, endless_loop_is_aborted);
    tcase_add_test(cases, unbounded_allocation_is_aborted);
    tcase_add_loop_test(cases, statistics_match_the_table, 0, ROWS(sums));
    tcase_add_test(cases, fit_recovers_the_parameters_of_a_law);
    return run_suite("lua_values", cases);
}
