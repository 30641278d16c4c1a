/*
 * commands.h - the sub-commands of chaos, one a file.
 *
 * Each takes its own argv (argv[0] is its name) and returns the exit status:
 * 0 what was claimed held, 1 it did not, 2 bad input, 3 nothing can be said.
 */
#ifndef CHAOS_COMMANDS_H
#define CHAOS_COMMANDS_H

enum {
    EXIT_HELD = 0,
    EXIT_DID_NOT_HOLD = 1,
    EXIT_BAD_INPUT = 2,
    EXIT_VOID = 3
};

/* One line on standard error that says why not.  Returns EXIT_BAD_INPUT. */
int command_refuse(const char *why);

int command_check(int argc, char **argv);
int command_client(int argc, char **argv);
int command_compare(int argc, char **argv);
int command_demo(int argc, char **argv);
int command_lesson(int argc, char **argv);
int command_monkey(int argc, char **argv);
int command_replay(int argc, char **argv);
int command_report(int argc, char **argv);
int command_run(int argc, char **argv);

#endif
