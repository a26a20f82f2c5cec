/* What was left by holders that had no end of their own. For the command. */
#ifndef SHIM_SWEEP_H
#define SHIM_SWEEP_H

/* Removes the sockets in that directory of the sets' on which nobody listens any more. */
void sweep(const char *dir);

#endif
