/* What a kernel allows is best asked by doing it, in a child that has nothing else to do. */
#ifndef SHIM_COMMAND_TRIAL_H
#define SHIM_COMMAND_TRIAL_H

#include <stdbool.h>

#include "conf/fault.h"

/* Creates a user namespace. 0; -1 and *f, with what would help. */
int trial_user(struct fault *f);

/* Creates namespaces CLONE_NEW*, in a user namespace of its own where `user`. 0; -1 and errno. */
int trial_create(int flags, bool user);

#endif
