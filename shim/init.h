/* Pid 1 of a pid namespace: what is agreed between it and who starts it (shim/init.c). */
#ifndef SHIM_INIT_H
#define SHIM_INIT_H

/* Its name, and the only argument it is executed with: as an executable the library is no more. */
#define INIT_NAME "nsshim-init"

#endif
