/*
 * The commands of nsshim(1). argv: its own name, then what is given to it, null at the end. Each
 * returns an exit status.
 */
#ifndef SHIM_COMMAND_COMMAND_H
#define SHIM_COMMAND_COMMAND_H

int command_run(int argc, char **argv);
int command_exec(int argc, char **argv);
int command_trace(int argc, char **argv);
int command_check(int argc, char **argv);
int command_explain(int argc, char **argv);
int command_doctor(int argc, char **argv);
int command_profiles(int argc, char **argv);
int command_show(int argc, char **argv);
int command_import(int argc, char **argv);
int command_list(int argc, char **argv);
int command_drop(int argc, char **argv);

#endif
