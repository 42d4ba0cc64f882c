/*
 * Commands: the subcommands of `warrant`, each given its own command line (argv[0] is its name).
 * They return the exit status of the program.
 */
#ifndef WARRANT_COMMANDS_H
#define WARRANT_COMMANDS_H

int run_command(int argc, char **argv);
int check_command(int argc, char **argv);
int why_command(int argc, char **argv);
int coverage_command(int argc, char **argv);
int new_command(int argc, char **argv);
int data_command(int argc, char **argv);
int tangle_command(int argc, char **argv); /* in the room emit */
int weave_command(int argc, char **argv);  /* in the room report */

#endif
