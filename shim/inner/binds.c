#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/inner/deed.h"
#include "shim/inner/mount.h"
#include "shim/sys.h"

static int source_failed(const struct item *it, struct fault *f)
{
	fault_set(f, "open_tree", NS_MNT, it->word[MOUNT_SRC], errno);
	if (f->err == ENOENT || f->err == ENOTDIR)
		fault_why(f, "what shall be bound is not there: make it, or add `optional`");
	else if (f->err == EINVAL)
		fault_why(f,
			  it->flags & MOUNT_REC
				  ? "it cannot be bound: a mount that is unbindable, or of another "
				    "mount namespace"
				  : "what is mounted below it is locked to it in a user namespace: "
				    "add `rec`");
	return mount_why(f);
}

static uint64_t bits_of(unsigned long flags)
{
	return (flags & MOUNT_RO ? MOUNT_BIT_RO : 0) |
	       (flags & MOUNT_NOEXEC ? MOUNT_BIT_NOEXEC : 0) |
	       (flags & MOUNT_NOSUID ? MOUNT_BIT_NOSUID : 0) |
	       (flags & MOUNT_NODEV ? MOUNT_BIT_NODEV : 0);
}

static bool is_here(const char *path)
{
	return path && !strcmp(path, ".");
}

/* Before any line: what lies above it may become read-only. */
int binds_begin(struct entry *e, struct fault *f)
{
	const struct item *it = e->plan->rule->item[PHASE_FILES];

	while (it && !(it->op == ITEM_BIND && is_here(it->word[MOUNT_SRC])))
		it = it->next;
	if (!it)
		return 0;
	e->files.here = mount_copy(AT_FDCWD, ".", it->flags & MOUNT_REC);
	return e->files.here < 0 ? source_failed(it, f) : 0;
}

static int copy_source(struct entry *e, const struct item *it)
{
	int here = e->files.here;

	if (it->flags & MOUNT_IDMAP)
		return files_shifted(&e->files);
	if (!is_here(it->word[MOUNT_SRC]))
		return files_copy_source(&e->files, it->word[MOUNT_SRC], it->flags & MOUNT_REC);
	e->files.here = -1;
	return here;
}

int deed_bind(struct entry *e, const struct item *it, struct fault *f)
{
	bool whole = it->flags & MOUNT_REC;
	uint64_t bits = bits_of(it->flags);
	const char *to = is_here(it->word[MOUNT_TO]) ? e->where : it->word[MOUNT_TO];
	int copy = copy_source(e, it);

	if (copy < 0 && (errno == ENOENT || errno == ENOTDIR) && it->flags & MOUNT_OPTIONAL)
		return 0;
	if (copy < 0)
		return source_failed(it, f);
	if (!to || to[0] != '/' || !to[1]) {
		sys_close(copy);
		fault_set(f, "getcwd", NS_MNT, to, ENOENT);
		fault_why(f, "the working directory has no name, or is the root itself");
		return -1;
	}
	/* Before it shows, so that it is at no moment more than it shall be. */
	if (bits && mount_set(copy, bits, 0, whole)) {
		fault_set(f, "mount_setattr", NS_MNT, it->word[MOUNT_SRC], errno);
		sys_close(copy);
		return mount_why(f);
	}
	return files_put(copy, files_open(&e->files, to, copy, f), to, f);
}

/* The flags that a user namespace has locked stay, since none is cleared (mount_setattr(2)). */
int deed_ro(struct entry *e, const struct item *it, struct fault *f)
{
	struct files *s = &e->files;
	int fd = files_open(s, it->word[0], FILES_REFUSED, f);
	int copy, err = 0;

	if (fd < 0 && f->err == ENOENT)
		fault_why(f, "there is nothing to be made read-only");
	if (fd < 0)
		return -1;
	if (mount_set(fd, MOUNT_BIT_RO, 0, true))
		err = errno;
	/* It is not the root of a mount, and becomes one. */
	if (err == EINVAL) {
		copy = mount_copy(fd, "", true);
		if (copy >= 0 && !mount_set(copy, MOUNT_BIT_RO, 0, true))
			return files_put(copy, fd, it->word[0], f);
		err = errno;
		if (copy >= 0)
			sys_close(copy);
	}
	sys_close(fd);
	/* They may lie below it. */
	if (s->scaffold >= 0)
		mount_set(s->scaffold, 0, MOUNT_BIT_RO, false);
	if (s->stash >= 0)
		mount_set(s->stash, 0, MOUNT_BIT_RO, false);
	if (!err)
		return 0;
	fault_set(f, "mount_setattr", NS_MNT, it->word[0], err);
	if (err == EBUSY)
		fault_why(f, "something there is open for writing");
	return mount_why(f);
}

int deed_hide(struct entry *e, const struct item *it, struct fault *f)
{
	const uint64_t bits = MOUNT_BIT_RO | MOUNT_BIT_NOSUID | MOUNT_BIT_NODEV | MOUNT_BIT_NOEXEC;
	struct files *s = &e->files;
	struct stat st;
	bool folder;
	int copy, to = files_open(s, it->word[0], FILES_REFUSED, f);

	if (to < 0 && it->flags & MOUNT_OPTIONAL && (f->err == ENOENT || f->err == ENOTDIR)) {
		f->op[0] = '\0'; /* nothing has failed, as the parent of who is born has to see */
		f->err = 0;
		return 0;
	}
	if (to < 0 && f->err == ENOENT)
		fault_why(f, "there is nothing to hide: correct the path, or add `optional`");
	if (to < 0)
		return -1;
	folder = !fstat(to, &st) && S_ISDIR(st.st_mode);
	if (files_stash(s, f)) {
		sys_close(to);
		return -1;
	}
	if (files_make(s->stash, folder ? "folder" : "file",
		       folder ? S_IFDIR | 0555 : S_IFREG | 0444))
		copy = fault_set(f, "mkdir", NS_MNT, it->word[0], errno);
	else
		copy = files_copy(s, folder ? "folder" : "file", bits, f);
	if (copy >= 0)
		return files_put(copy, to, it->word[0], f);
	sys_close(to);
	return -1;
}
