#define _GNU_SOURCE
#include <elf.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/format.h"
#include "shim/machine.h"

/* Not pread(): it is a cancellation point. A 32-bit machine takes the offset in two words. */
static long read_at(int fd, void *buf, size_t size, unsigned long at)
{
	return syscall(SYS_pread64, fd, buf, size, at, 0L);
}

enum {
	OWN_ORDER = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB,
	OWN_ABI = MACHINE_ELF << 8 | (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32),
};

/* What is read first. Up to the machine both classes are the same. */
union head {
	char text[FORMAT_INTERP];
	unsigned char ident[EI_NIDENT];
	Elf32_Ehdr narrow;
	Elf64_Ehdr wide;
};

/* Of a program header, in either class. */
struct part {
	unsigned type;
	unsigned long size, at;
};

static bool read_part(struct part *part, int fd, const union head *head, unsigned i)
{
	Elf32_Phdr narrow;
	Elf64_Phdr wide;

	if (head->ident[EI_CLASS] == ELFCLASS64) {
		if (i >= head->wide.e_phnum ||
		    read_at(fd, &wide, sizeof wide, head->wide.e_phoff + i * sizeof wide) !=
			    (long)sizeof wide)
			return false;
		*part = (struct part){ wide.p_type, wide.p_filesz, wide.p_offset };
		return true;
	}
	if (i >= head->narrow.e_phnum ||
	    read_at(fd, &narrow, sizeof narrow, head->narrow.e_phoff + i * sizeof narrow) !=
		    (long)sizeof narrow)
		return false;
	*part = (struct part){ narrow.p_type, narrow.p_filesz, narrow.p_offset };
	return true;
}

static void read_loader(struct format *f, int fd, const union head *head)
{
	struct part part;

	for (unsigned i = 0; read_part(&part, fd, head, i); i++) {
		if (part.type != PT_INTERP)
			continue;
		if (part.size > FORMAT_INTERP ||
		    read_at(fd, f->interp, part.size, part.at) != (long)part.size)
			f->interp[0] = '\0';
		return;
	}
}

void format_read(struct format *f, int fd)
{
	union head head = { .text = "" };
	const char *path;

	memset(f, 0, sizeof *f);
	if (read_at(fd, head.text, sizeof head.text - 1, 0) < 4)
		return;
	if (!memcmp(head.text, "#!", 2)) {
		f->kind = FORMAT_SCRIPT;
		path = head.text + 2 + strspn(head.text + 2, " \t");
		memcpy(f->interp, path, strcspn(path, " \t\n"));
	} else if (!memcmp(head.ident, ELFMAG, SELFMAG)) {
		f->abi = (unsigned)head.wide.e_machine << 8 | head.ident[EI_CLASS];
		f->kind = f->abi == OWN_ABI && head.ident[EI_DATA] == OWN_ORDER ? FORMAT_PROGRAM
										: FORMAT_FOREIGN;
		if (head.ident[EI_DATA] == OWN_ORDER)
			read_loader(f, fd, &head);
	}
}
