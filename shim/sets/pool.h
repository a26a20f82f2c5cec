/* The holder of sets that are made ahead. For the command. */
#ifndef SHIM_POOL_H
#define SHIM_POOL_H

/* arg: of enum sets_arg. The exit status of the image. */
int pool_main(char **arg);

#endif
