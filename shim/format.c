#define _GNU_SOURCE
#include <elf.h>
#include <link.h>
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

static bool is_ours(const ElfW(Ehdr) * e)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	int order = ELFDATA2LSB;
#else
	int order = ELFDATA2MSB;
#endif
	return e->e_ident[EI_CLASS] == (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32) &&
	       e->e_ident[EI_DATA] == order && e->e_machine == MACHINE_ELF;
}

static void read_loader(struct format *f, int fd, const ElfW(Ehdr) * e)
{
	ElfW(Phdr) p;

	for (unsigned i = 0; i < e->e_phnum; i++) {
		if (read_at(fd, &p, sizeof p, e->e_phoff + i * sizeof p) != (long)sizeof p)
			return;
		if (p.p_type != PT_INTERP)
			continue;
		if (p.p_filesz > FORMAT_INTERP ||
		    read_at(fd, f->interp, p.p_filesz, p.p_offset) != (long)p.p_filesz)
			f->interp[0] = '\0';
		return;
	}
}

void format_read(struct format *f, int fd)
{
	char head[FORMAT_INTERP] = "";
	ElfW(Ehdr) e;
	const char *path;

	memset(f, 0, sizeof *f);
	if (read_at(fd, head, sizeof head - 1, 0) < 4)
		return;
	if (!memcmp(head, "#!", 2)) {
		f->kind = FORMAT_SCRIPT;
		path = head + 2 + strspn(head + 2, " \t");
		memcpy(f->interp, path, strcspn(path, " \t\n"));
	} else if (!memcmp(head, ELFMAG, SELFMAG)) {
		memcpy(&e, head, sizeof e);
		f->kind = is_ours(&e) ? FORMAT_PROGRAM : FORMAT_FOREIGN;
		if (f->kind == FORMAT_PROGRAM)
			read_loader(f, fd, &e);
	}
}
