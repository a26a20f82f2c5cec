/* The holder of a shared set: a process that is in it and does nothing else. For the command. */
#ifndef SHIM_HOLDER_H
#define SHIM_HOLDER_H

/* arg: of enum sets_arg. The exit status of the image. */
int holder_main(char **arg);

#endif
