#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/interp.h"
#include "shim/sys.h"

enum { HEAD = 256 /* of a script the kernel reads as much: BINPRM_BUF_SIZE */ };

static int check_file(const char *path)
{
	return sys_may_execute(AT_FDCWD, path, 0) ? errno : 0;
}

static int check_script(char *head)
{
	char *path = head + 2 + strspn(head + 2, " \t");

	path[strcspn(path, " \t\n")] = '\0';
	return *path ? check_file(path) : ENOEXEC;
}

/* Of this machine's own class; what another one needs the kernel knows. */
static int check_program(int fd, const char *head)
{
	ElfW(Ehdr) e;
	ElfW(Phdr) p;
	char path[HEAD + 1];

	memcpy(&e, head, sizeof e);
	for (unsigned i = 0;
	     e.e_ident[EI_CLASS] == (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32) &&
	     i < e.e_phnum;
	     i++) {
		if (pread(fd, &p, sizeof p, (off_t)(e.e_phoff + i * sizeof p)) != sizeof p)
			return 0;
		if (p.p_type != PT_INTERP || p.p_filesz > HEAD)
			continue;
		if (pread(fd, path, p.p_filesz, (off_t)p.p_offset) != (ssize_t)p.p_filesz)
			return 0;
		path[p.p_filesz] = '\0';
		return check_file(path);
	}
	return 0;
}

int interp_check(const struct target *t, bool cloexec)
{
	char head[HEAD] = "";
	char self[32];
	struct text link = text_in(self, sizeof self);
	int fd, err = 0;

	/* The descriptor may be O_PATH, or one that is only written. */
	text_str(&link, "/proc/self/fd/");
	text_num(&link, t->dirfd);
	fd = t->path[0] ? openat(t->dirfd, t->path, O_RDONLY | O_CLOEXEC)
			: open(self, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0; /* it may be executed, but not read: then nobody can tell */
	if (read(fd, head, sizeof head - 1) < 4)
		err = 0;
	else if (!memcmp(head, "#!", 2))
		err = cloexec ? ENOENT : check_script(head);
	else if (!memcmp(head, ELFMAG, SELFMAG))
		err = check_program(fd, head);
	close(fd);
	return err;
}
