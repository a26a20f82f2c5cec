/* The holder of sets that are made ahead. For the command. */
#ifndef SHIM_POOL_H
#define SHIM_POOL_H

/* arg: SOCK PROFILE RULE PLACE NAME, as in shim/ahead.c. The exit status of the image. */
int pool_main(char **arg);

#endif
