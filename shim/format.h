/* What the kernel sees in a file that it executes, beside its mode. */
#ifndef SHIM_FORMAT_H
#define SHIM_FORMAT_H

enum format_kind {
	FORMAT_OTHER,	/* neither of the two: the kernel knows, or /bin/sh */
	FORMAT_SCRIPT,	/* it begins with #! */
	FORMAT_PROGRAM, /* ELF, of this machine and class */
	FORMAT_FOREIGN, /* ELF, of another one */
};

enum { FORMAT_INTERP = 256 /* of a script the kernel reads as much: BINPRM_BUF_SIZE */ };

struct format {
	enum format_kind kind;
	unsigned abi; /* of ELF: one number for each machine and class */
	/* The interpreter of a script, the loader of ELF; "": none, which of a program means that
	   it is statically linked, or that the name is longer than this. */
	char interp[FORMAT_INTERP + 1];
};

/* Reads it off an open file, whose position stays. What cannot be read is FORMAT_OTHER. child-safe
 */
void format_read(struct format *f, int fd);

#endif
