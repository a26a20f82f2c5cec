/* What a kernel allows is best asked by doing it, in a child that has nothing else to do. */
#ifndef SHIM_COMMAND_TRIAL_H
#define SHIM_COMMAND_TRIAL_H

#include "conf/fault.h"

/* Creates a user namespace. 0; -1 and *f, with what would help. */
int trial_user(struct fault *f);

#endif
