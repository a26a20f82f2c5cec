/*
 * The functions of libc that the library replaces.
 *
 * fork, vfork and _Fork are not replaced: whatever an entry needs is ready before, and which rule
 * fits is known only when the child executes. A C function around vfork could not work anyway: it
 * returns twice, the second time into a frame that is gone.
 * system, popen and wordexp call execve inside libc, where nothing can be replaced: what they start
 * comes to the load door, as does what makes the system call itself.
 */
#ifndef SHIM_HOOK_H
#define SHIM_HOOK_H

#define HOOK __attribute__((visibility("default")))

#endif
