#define _GNU_SOURCE
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "conf/account.h"
#include "conf/file.h"

/* Read piece by piece: a line of /etc/group has no longest one. */
struct line {
	const char *name;
	size_t len;
	size_t at; /* bytes of the name that fit so far */
	unsigned field;
	bool differs;
	bool any; /* a digit */
	uint64_t id;
};

/* True: the line is the one, and its id is complete. */
static bool take(struct line *l, char c)
{
	if (c == '\n') {
		*l = (struct line){ .name = l->name, .len = l->len };
	} else if (c == ':') {
		if (l->field == 2 && l->any && !l->differs)
			return true;
		l->differs |= l->field == 0 && l->at != l->len;
		l->field++;
	} else if (l->field == 0) {
		l->differs |= l->at == l->len || l->name[l->at] != c;
		l->at += l->at < l->len;
	} else if (l->field == 2) {
		l->differs |= c < '0' || c > '9' || l->id > UINT32_MAX;
		l->id = 10 * l->id + (unsigned)(c - '0');
		l->any = true;
	}
	return false;
}

bool account_find(const char *file, const char *name, size_t len, uint32_t *id)
{
	struct line l = { .name = name, .len = len };
	struct fault f;
	struct stat st;
	char buf[512];
	bool found = false;
	long n;
	int fd = file_open(file, NULL, &st, &f);

	if (fd < 0)
		return false;
	while (!found && (n = syscall(SYS_read, fd, buf, sizeof buf)) > 0)
		for (long i = 0; i < n && !found; i++)
			found = take(&l, buf[i]);
	syscall(SYS_close, fd);
	*id = (uint32_t)l.id;
	return found && l.id < UINT32_MAX;
}

/* A line of /etc/passwd, as far as it fits: what is longer has no home that a path could have. */
static bool has_uid(const char *line, uid_t uid, enum account_field field, struct text *t)
{
	const char *at = line;
	uint64_t id = 0;

	for (int i = 0; i < 2; i++) {
		at = strchr(at, ':');
		if (!at++)
			return false;
	}
	for (; *at >= '0' && *at <= '9' && id <= UINT32_MAX; at++)
		id = 10 * id + (unsigned)(*at - '0');
	if (*at != ':' || id != uid)
		return false;
	for (at = line; field; field--) {
		at = strchr(at, ':');
		if (!at++)
			return false;
	}
	text_bytes(t, at, strcspn(at, ":"));
	return strcspn(at, ":");
}

bool account_field(uid_t uid, enum account_field field, struct text *t)
{
	char buf[512], line[512];
	struct text l = text_in(line, sizeof line);
	struct stat st;
	struct fault f;
	bool found = false;
	long n;
	int fd = file_open(ACCOUNT_USERS, NULL, &st, &f);

	if (fd < 0)
		return false;
	while (!found && (n = syscall(SYS_read, fd, buf, sizeof buf)) > 0)
		for (long i = 0; i < n && !found; i++) {
			if (buf[i] != '\n') {
				text_bytes(&l, buf + i, 1);
				continue;
			}
			found = !l.cut && has_uid(line, uid, field, t);
			l = text_in(line, sizeof line);
		}
	syscall(SYS_close, fd);
	return found;
}
