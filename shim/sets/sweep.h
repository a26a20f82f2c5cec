/* What was left by holders that had no end of their own. For the command. */
#ifndef SHIM_SWEEP_H
#define SHIM_SWEEP_H

/*
 * Removes from that directory of the sets what is nobody's any more. own: the name that is being
 * made by whoever calls.
 */
void sweep(const char *dir, const char *own);

#endif
