/* The command's side of shared sets: which there are. Both return the exit status. */
#ifndef SHIM_ROLL_H
#define SHIM_ROLL_H

int roll_list(void);
int roll_drop(const char *name); /* 1: there is none of this name */

#endif
