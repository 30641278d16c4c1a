/* SPDX-License-Identifier: MIT */
/* test_shell_quote.c - a shell reads a quoted word as the original word. */
#include "chaos/experiment/shell_quote.h"
#include "tests/harness/run_suite.h"
#include <stdlib.h>
#include <string.h>

static const char *const words[] = {
    "plain", "a/b-c.ini", "key=value",   "two words", "it's", "$HOME `id` \\",
    "*",     "",          "a;b|c&d>e<f", "'",         "~",    "\"q\"",
    "#not",  "tab\there",
};

START_TEST(shell_reads_the_original_word)
{
    char *command, output[128] = "";
    size_t size;
    FILE *out = open_memstream(&command, &size), *shell;

    fputs("printf %s", out);
    shell_quote_add(out, words[_i]);
    fclose(out);
    shell = popen(command, "re");
    ck_assert_ptr_nonnull(shell);
    if (!fgets(output, sizeof(output), shell))
        output[0] = '\0';
    ck_assert_int_eq(pclose(shell), 0);
    ck_assert_str_eq(output, words[_i]);
    free(command);
}
END_TEST

START_TEST(plain_words_are_not_quoted)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    shell_quote_add(out, "run.seed=7");
    shell_quote_add(out, "load.new-connections=50%");
    fclose(out);
    ck_assert_str_eq(text, " run.seed=7 load.new-connections=50%");
    free(text);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("shell_quote");

    tcase_add_loop_test(cases, shell_reads_the_original_word, 0, ROWS(words));
    tcase_add_test(cases, plain_words_are_not_quoted);
    return run_suite("shell_quote", cases);
}
