/*
 * The functions of libc that the library replaces.
 *
 * vfork is not replaced: a C function around it could not work, since it returns twice, the second
 * time into a frame that is gone. Nor need it be: a child of it can only execute a program or end,
 * so that where children enter (when = fork) it enters at its exec, as a child of posix_spawn does.
 * fork and _Fork are libc's own for a program whose children no rule concerns.
 * system, popen and wordexp call execve inside libc, where nothing can be replaced: what they start
 * comes to the load door, as does what makes the system call itself.
 */
#ifndef SHIM_HOOK_H
#define SHIM_HOOK_H

#define HOOK __attribute__((visibility("default")))

#endif
