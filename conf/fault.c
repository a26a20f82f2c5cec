#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "conf/fault.h"
#include "conf/text.h"

/*
 * Weak: glibc has them from 2.32 on, and both are async-signal-safe there (unlike strerror). musl has
 * neither, and the library is loaded by its programs too: there strerror only looks into a table.
 */
const char *strerrorname_np(int err) __attribute__((weak));
const char *strerrordesc_np(int err) __attribute__((weak));

/* Where libc has no names: those that entries end with. */
static const char *own_name(int err)
{
#define NAME(err) [err] = #err
	static const char names[][16] = {
		NAME(EPERM),	    NAME(ENOENT),	NAME(ESRCH),	  NAME(EINTR),
		NAME(EIO),	    NAME(ENXIO),	NAME(E2BIG),	  NAME(ENOEXEC),
		NAME(EBADF),	    NAME(ECHILD),	NAME(EAGAIN),	  NAME(ENOMEM),
		NAME(EACCES),	    NAME(EFAULT),	NAME(EBUSY),	  NAME(EEXIST),
		NAME(EXDEV),	    NAME(ENODEV),	NAME(ENOTDIR),	  NAME(EISDIR),
		NAME(EINVAL),	    NAME(ENFILE),	NAME(EMFILE),	  NAME(ETXTBSY),
		NAME(EFBIG),	    NAME(ENOSPC),	NAME(EROFS),	  NAME(EPIPE),
		NAME(ERANGE),	    NAME(ENAMETOOLONG), NAME(ENOSYS),	  NAME(ELOOP),
		NAME(EPROTO),	    NAME(EOVERFLOW),	NAME(EOPNOTSUPP), NAME(EADDRINUSE),
		NAME(ECONNREFUSED), NAME(ETIMEDOUT),	NAME(ECONNRESET), NAME(EDQUOT),
	};
#undef NAME

	return err > 0 && (size_t)err < sizeof names / sizeof *names && names[err][0] ? names[err]
										      : NULL;
}

const char *fault_error(int err)
{
	const char *words = strerrordesc_np ? strerrordesc_np(err) : strerror(err);

	return words ? words : "";
}

static void copy(char *to, size_t size, const char *from)
{
	struct text t = text_in(to, size);

	text_str(&t, from ? from : "");
}

int fault_set(struct fault *f, const char *op, enum ns_kind ns, const char *path, int err)
{
	f->err = err;
	f->line = 0;
	f->rule[0] = f->why[0] = '\0';
	copy(f->ns, sizeof f->ns, ns < NS_KINDS ? ns_table[ns].name : "");
	copy(f->op, sizeof f->op, op);
	copy(f->path, sizeof f->path, path);
	errno = err;
	return -1;
}

int fault_at(struct fault *f, const char *file, int line, const char *key, const char *why)
{
	fault_set(f, key, NS_KINDS, file, 0);
	f->line = line;
	fault_why(f, why);
	return -1;
}

void fault_in(struct fault *f, const char *rule)
{
	text_copy(f->rule, sizeof f->rule, rule);
}

void fault_why(struct fault *f, const char *words)
{
	size_t used = strlen(f->why);

	copy(f->why + used, sizeof f->why - used, words);
}

static void errno_text(struct text *t, int err)
{
	const char *name = strerrorname_np ? strerrorname_np(err) : own_name(err);

	if (name) {
		text_str(t, fault_error(err));
		text_str(t, " (");
		text_str(t, name);
		text_str(t, ")");
	} else {
		text_str(t, "errno ");
		text_num(t, err);
	}
}

/* Words and a colon after them; nothing for no words. */
static void part(struct text *t, const char *words)
{
	if (!words[0])
		return;
	text_str(t, words);
	text_str(t, ": ");
}

static void profile_text(struct text *t, const struct fault *f)
{
	text_str(t, f->path);
	text_str(t, ":");
	text_num(t, f->line);
	text_str(t, ": ");
	part(t, f->op);
}

static void entry_text(struct text *t, const struct fault *f)
{
	if (f->rule[0]) {
		text_str(t, "[");
		text_str(t, f->rule);
		text_str(t, "] ");
	}
	part(t, f->ns);
	text_str(t, f->op);
	if (f->op[0] && f->path[0])
		text_str(t, " ");
	text_str(t, f->path);
	if (f->op[0] || f->path[0])
		text_str(t, ": ");
	if (f->err) {
		errno_text(t, f->err);
		if (f->why[0])
			text_str(t, ": ");
	}
}

size_t fault_text(const struct fault *f, char *buf, size_t size)
{
	/* The last byte is kept for the newline, also in a text that was cut. */
	struct text t = text_in(buf, size - 1);

	text_str(&t, "nsshim: ");
	if (f->line > 0)
		profile_text(&t, f);
	else
		entry_text(&t, f);
	text_str(&t, f->why);
	text_plain(buf, (size_t)(t.at - buf));
	t.end++;
	text_str(&t, "\n");
	return (size_t)(t.at - buf);
}

void fault_write(const struct fault *f, int fd)
{
	char line[FAULT_TEXT];

	fault_say(fd, line, fault_text(f, line, sizeof line));
}

/*
 * The kernel's own calls: write() is a cancellation point, which the functions that lead here are
 * not, and libc's signal masks leave out the two signals that it keeps for itself.
 */
void fault_say(int fd, const char *line, size_t len)
{
	const uint64_t pipe = UINT64_C(1) << (SIGPIPE - 1), size = UINT64_C(1) << (SIGXFSZ - 1);
	const uint64_t both = pipe | size;
	const struct timespec now = { 0 };
	uint64_t old = 0, pending = 0, sent = 0;
	int saved = errno;

	syscall(SYS_rt_sigprocmask, SIG_BLOCK, &both, &old, sizeof old);
	syscall(SYS_rt_sigpending, &pending, sizeof pending);
	if (syscall(SYS_write, fd, line, len) < 0)
		sent = errno == EPIPE ? pipe : errno == EFBIG ? size : 0;
	/* It comes to the thread that writes, so it can be taken back: unless it was there
	   before. */
	if (sent & ~pending)
		syscall(SYS_rt_sigtimedwait, &sent, NULL, &now, sizeof sent);
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &old, NULL, sizeof old);
	errno = saved;
}
