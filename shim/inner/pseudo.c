#define _GNU_SOURCE
#include <errno.h>
#include <sys/mount.h>

#include "shim/inner/deed.h"
#include "shim/sys.h"
#include "shim/inner/system.h"

int deed_tmpfs(struct entry *e, const struct item *it, struct fault *f)
{
	int fd = files_tmpfs(it->word[MOUNT_TO], (unsigned)it->number[0], f);

	if (fd < 0 || system_attach(&e->files, fd, it->word[MOUNT_SRC], f))
		return -1;
	sys_close(fd);
	return 0;
}

int deed_system(struct entry *e, const struct item *it, struct fault *f)
{
	int to = files_open(&e->files, it->word[0], FILES_FOLDER, f);
	bool pts = it->op == ITEM_DEVPTS;
	int failed;

	if (to < 0)
		return -1;
	/* Of devpts the nodes are devices. */
	failed = system_mount(to, it->word[0],
			      it->op == ITEM_MQUEUE ? "mqueue" : item_row[it->op].name,
			      pts ? 0 : MS_NODEV, pts ? SYSTEM_PTS : NULL, f);
	sys_close(to);
	return failed;
}
