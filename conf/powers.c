#include <string.h>

#include "conf/account.h"
#include "conf/guess.h"
#include "conf/powers.h"
#include "conf/refuse.h"
#include "conf/split.h"
#include "conf/text.h"

const char powers_cap[POWERS_CAPS][POWERS_CAP] = {
	"chown",
	"dac_override",
	"dac_read_search",
	"fowner",
	"fsetid",
	"kill",
	"setgid",
	"setuid",
	"setpcap",
	"linux_immutable",
	"net_bind_service",
	"net_broadcast",
	"net_admin",
	"net_raw",
	"ipc_lock",
	"ipc_owner",
	"sys_module",
	"sys_rawio",
	"sys_chroot",
	"sys_ptrace",
	"sys_pacct",
	"sys_admin",
	"sys_boot",
	"sys_nice",
	"sys_resource",
	"sys_time",
	"sys_tty_config",
	"mknod",
	"lease",
	"audit_write",
	"audit_control",
	"setfcap",
	"mac_override",
	"mac_admin",
	"syslog",
	"wake_alarm",
	"block_suspend",
	"audit_read",
	"perfmon",
	"bpf",
	"checkpoint_restore",
};

/* In the order of the bits. */
static const char securebits[][28] = {
	"noroot",    "noroot-locked",	 "no-setuid-fixup",	 "no-setuid-fixup-locked",
	"keep-caps", "keep-caps-locked", "no-cap-ambient-raise", "no-cap-ambient-raise-locked",
};

static void refuse_part(struct draft *d, enum key key, const char *what, const char *part,
			size_t len, struct words all, const char *after)
{
	char why[REFUSE_WHY];
	struct text t = text_in(why, sizeof why);

	text_str(&t, what);
	text_str(&t, " `");
	text_bytes(&t, part, len);
	text_str(&t, "`");
	text_str(&t, after);
	if (all.count)
		guess_tell(&t, all, part, len);
	refuse(d, key, why);
}

static bool is_number(const char *text, size_t len)
{
	size_t i = 0;

	while (i < len && text[i] >= '0' && text[i] <= '9')
		i++;
	return i == len;
}

/* N or NAME. False: refused. */
static bool id(struct draft *d, enum key key, const char *text, size_t len, uint32_t *n)
{
	bool user = key == KEY_ITEM + ITEM_UID;
	const char *number;
	int64_t big;

	if (len && !is_number(text, len)) {
		if (!memchr(text, ':', len) &&
		    account_find(user ? ACCOUNT_USERS : ACCOUNT_GROUPS, text, len, n))
			return true;
		refuse_part(d, key, user ? "no user" : "no group", text, len, (struct words){ 0 },
			    user ? " in " ACCOUNT_USERS
				   ": where another source has it, give the number"
				 : " in " ACCOUNT_GROUPS
				   ": where another source has it, give the number");
		return false;
	}
	number = draft_text(d, text, len);
	if (!number || !split_number(d, key, number, 0, UINT32_MAX - 1, &big))
		return false;
	*n = (uint32_t)big;
	return true;
}

/* N|NAME,... or none */
static void groups(struct draft *d, enum key key, const char *value, struct item *it)
{
	unsigned most = 1;
	uint32_t *list;

	if (!strcmp(value, "none"))
		return;
	for (const char *at = value; *at; at++)
		most += *at == ',';
	it->data = list = draft_alloc(d, most * sizeof *list);
	for (const char *at = value; list; at++) {
		size_t len = strcspn(at, ",");

		if (!id(d, key, at, len, list++))
			return;
		it->size += sizeof *list;
		at += len;
		if (!*at)
			return;
	}
}

/* The text, in lower case and with one sort of line between words, in the draft's memory. */
static char *plain(struct draft *d, const char *value, char from, char to)
{
	char *copy = (char *)draft_text(d, value, strlen(value));

	for (char *c = copy; c && *c; c++) {
		if (*c >= 'A' && *c <= 'Z')
			*c += 'a' - 'A';
		if (*c == from)
			*c = to;
	}
	return copy;
}

/* keep, drop, CAP_NET_ADMIN,net_raw,..., or ~CAP_SYS_ADMIN,... */
static void caps(struct draft *d, enum key key, const char *value, struct item *it)
{
	const char *at = plain(d, value, '-', '_');

	it->flags = at && !strcmp(at, "keep") ? CAPS_KEEP : CAPS_DROP;
	if (!at || it->flags == CAPS_KEEP || !strcmp(at, "drop"))
		return;
	it->flags = *at == '~' ? CAPS_BUT : CAPS_LIST;
	for (at += *at == '~';; at++) {
		size_t len = strcspn(at, ",");
		unsigned i = 0;

		if (len > 4 && !memcmp(at, "cap_", 4)) {
			at += 4;
			len -= 4;
		}
		while (i < POWERS_CAPS &&
		       (strncmp(powers_cap[i], at, len) != 0 || powers_cap[i][len] || !len))
			i++;
		if (i == POWERS_CAPS) {
			refuse_part(
				d, key, "no capability", at, len, WORDS(powers_cap),
				": keep, drop, or names of capabilities(7) with commas between, "
				"after a ~ all but these");
			return;
		}
		it->number[0] |= (int64_t)1 << i;
		at += len;
		if (!*at)
			return;
	}
}

/* NAME, or NAME:N. */
static bool is_name(const char *text, size_t all)
{
	const char *colon = memchr(text, ':', all);
	size_t len = colon ? (size_t)(colon - text) : all, i = 0;

	if (colon &&
	    (all - len < 2 || all - len > 10 || strspn(colon + 1, "0123456789") < all - len - 1))
		return false;

	while (i < len && (text[i] == '_' || (text[i] >= 'a' && text[i] <= 'z') ||
			   (text[i] >= '0' && text[i] <= '9')))
		i++;
	return len && i == len;
}

/*
 * Names, whose meaning the helper image knows, with its own copy of libseccomp: it says at the entry
 * which of them is none.
 */
static void deny(struct draft *d, enum key key, const char *names, struct item *it)
{
	it->flags = SECCOMP_DENY;
	it->word[0] = draft_text(d, names, strlen(names));
	for (const char *at = names;; at++) {
		size_t len = strcspn(at, ",");

		if (!is_name(at, len))
			refuse_part(d, key, "no name of a system call", at, len,
				    (struct words){ 0 }, ": deny NAME,NAME:N,...");
		else if (len == strlen("execve") && !memcmp(at, "execve", len))
			refuse(d, key, "without execve nothing could be executed inside");
		else if (*(at += len))
			continue;
		return;
	}
}

/* FILE or deny SYSCALL,... */
static void seccomp(struct draft *d, enum key key, const char *value, struct item *it)
{
	const char *word[2];

	if (value[0] == '/') {
		it->flags = SECCOMP_FILE;
		it->word[0] = it->text;
	} else if (strncmp(value, "deny", 4) != 0 || (value[4] && !strchr(" \t", value[4]))) {
		refuse_value(d, key, "neither an absolute path nor `deny SYSCALL,...`:", value, "");
	} else if (split(d, key, value, word, 2, 2, "deny SYSCALL,...")) {
		deny(d, key, word[1], it);
	}
}

void powers_value(struct draft *d, enum key key, const char *value, struct item *it)
{
	const char *none[sizeof securebits / sizeof *securebits];
	uint32_t n = 0;

	switch (it->op) {
	case ITEM_NO_NEW_PRIVS:
		it->number[0] = split_yes(d, key, value);
		break;
	case ITEM_LANDLOCK_RO:
	case ITEM_LANDLOCK_RW:
		it->word[0] = refuse_relative(d, key, value);
		break;
	case ITEM_GROUPS:
		groups(d, key, value, it);
		break;
	case ITEM_GID:
	case ITEM_UID:
		if (id(d, key, value, strlen(value), &n))
			it->number[0] = n;
		break;
	case ITEM_CAPS:
		caps(d, key, value, it);
		break;
	case ITEM_SECUREBITS:
		value = plain(d, value, '_', '-');
		if (value)
			split_flags(d, key, value, WORDS(securebits), &it->flags, none);
		break;
	case ITEM_SECCOMP:
		seccomp(d, key, value, it);
		break;
	default:
		break;
	}
}
