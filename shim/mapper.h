/*
 * nsshim --map: writes the id maps of the process at the other end of its socket. It stays in the
 * user namespace outside, where the ranges are ours; step_mapper() starts it.
 */
#ifndef SHIM_MAPPER_H
#define SHIM_MAPPER_H

/* argv: SOCKET UID_MAP GID_MAP SETGROUPS. Returns an exit status. */
int mapper_main(char **argv);

#endif
