#include <string.h>

#include "conf/mounts.h"
#include "conf/refuse.h"
#include "conf/split.h"
#include "conf/text.h"

static const char words_of_bind[][9] = {
	"ro", "rec", "noexec", "nosuid", "nodev", "optional", "idmap",
};
static const char words_of_tmpfs[][6] = { "size=", "mode=" };
static const char words_of_dir[][6] = { "mode=" };
static const char words_of_hide[][9] = { "optional" };

/* A path as the rule keeps it, without slashes at its end; null: it is refused. */
static const char *path(struct draft *d, enum key key, const char *word)
{
	size_t len = strlen(word);

	if (!refuse_relative(d, key, word))
		return NULL;
	if (len >= 4096) {
		refuse(d, key, "a path of more than 4095 bytes");
		return NULL;
	}
	while (len > 1 && word[len - 1] == '/')
		len--;
	return draft_text(d, word, len);
}

/* The same of what is put there, which is beneath the root. */
static const char *place(struct draft *d, enum key key, const char *word)
{
	const char *to = path(d, key, word);

	if (!to || to[1])
		return to;
	refuse(d, key, "the root itself: that is `root = DIR` or `root = tmpfs`");
	return NULL;
}

static void mode(struct draft *d, enum key key, const char *text, struct item *it)
{
	const char *at = text;

	it->number[0] = 0;
	for (; *at >= '0' && *at <= '7' && it->number[0] < 0400; at++)
		it->number[0] = 8 * it->number[0] + (*at - '0');
	/* mkdir(2) takes no more. */
	if (*at || at == text || it->number[0] > 01777)
		refuse_value(d, key, "no mode", text, ": octal, up to 1777");
}

static void size(struct draft *d, enum key key, const char *text, struct item *it)
{
	size_t digits = strspn(text, "0123456789");

	it->word[MOUNT_TO] = text;
	if (!digits || digits > 15 ||
	    (text[digits] && (!strchr("kKmMgG%", text[digits]) || text[digits + 1])))
		refuse_value(d, key, "no size", text, ": a number, with k, m, g or % behind it");
}

/* The words of tmpfs. */
static void tmpfs_words(struct draft *d, enum key key, const char *list, struct item *it)
{
	const char *arg[2] = { NULL };

	it->number[0] = 0755;
	if (!list || !split_flags(d, key, list, WORDS(words_of_tmpfs), &it->flags, arg))
		return;
	if (arg[0])
		size(d, key, arg[0], it);
	if (arg[1])
		mode(d, key, arg[1], it);
}

static void tmpfs(struct draft *d, enum key key, const char *value, struct item *it)
{
	const char *w[2] = { NULL };

	if (!split(d, key, value, w, 1, 2, "DEST [size=SIZE,mode=MODE]"))
		return;
	it->word[MOUNT_SRC] = place(d, key, w[0]);
	tmpfs_words(d, key, w[1], it);
}

static void root(struct draft *d, enum key key, const char *value, struct item *it)
{
	const char *w[2] = { NULL };

	if (!split(d, key, value, w, 1, 2, "DIR, or tmpfs [size=SIZE,mode=MODE]"))
		return;
	if (strcmp(w[0], "tmpfs") != 0 && w[1])
		refuse(d, key, "not of the form `DIR`, nor `tmpfs [size=SIZE,mode=MODE]`");
	else if (strcmp(w[0], "tmpfs") != 0)
		it->word[MOUNT_SRC] = path(d, key, w[0]);
	else
		tmpfs_words(d, key, w[1], it);
}

static void dir(struct draft *d, enum key key, const char *value, struct item *it)
{
	const char *w[2] = { NULL }, *arg = NULL;

	if (!split(d, key, value, w, 1, 2, "DEST [mode=MODE]"))
		return;
	it->word[MOUNT_SRC] = place(d, key, w[0]);
	it->number[0] = 0755;
	if (w[1] && split_flags(d, key, w[1], WORDS(words_of_dir), &it->flags, &arg))
		mode(d, key, arg, it);
}

static void bind(struct draft *d, enum key key, const char *value, struct item *it)
{
	const char *w[3] = { NULL }, *arg[7];

	if (!split(d, key, value, w, 2, 3, "SRC DEST [WORD,WORD...]"))
		return;
	it->word[MOUNT_SRC] = strcmp(w[0], ".") != 0 ? path(d, key, w[0]) : w[0];
	it->word[MOUNT_TO] = strcmp(w[1], ".") != 0 ? place(d, key, w[1]) : w[1];
	if (w[2])
		split_flags(d, key, w[2], WORDS(words_of_bind), &it->flags, arg);
}

/* Absolute paths with colons between them, as texts in a row. */
static const char *lower(struct draft *d, enum key key, const char *word, struct item *it)
{
	size_t len = strlen(word);
	char *all = draft_alloc(d, len + 1), *to = all;

	it->number[1] = 0;
	while (all && *word) {
		size_t one = strcspn(word, ":");

		if (*word != '/') {
			refuse_relative(d, key, word);
			return NULL;
		}
		memcpy(to, word, one);
		to += one + 1;
		word += one + (word[one] == ':');
		it->number[1]++;
	}
	return all;
}

static void overlay(struct draft *d, enum key key, const char *value, struct item *it)
{
	bool tmp = it->op == ITEM_OVERLAY_TMP;
	const char *w[4] = { NULL };
	unsigned n = tmp ? 2 : 4;

	if (!split(d, key, value, w, n, n,
		   tmp ? "LOWER[:LOWER...] DEST" : "LOWER[:LOWER...] UPPER WORK DEST"))
		return;
	it->word[0] = lower(d, key, w[0], it);
	for (unsigned i = 1; i + 1 < n; i++)
		it->word[i] = path(d, key, w[i]);
	it->word[n - 1] = place(d, key, w[n - 1]);
}

static void symlink(struct draft *d, enum key key, const char *value, struct item *it)
{
	const char *w[2];

	if (!split(d, key, value, w, 2, 2, "TARGET DEST"))
		return;
	it->word[MOUNT_SRC] = w[0];
	it->word[MOUNT_TO] = place(d, key, w[1]);
}

/* `\n` in it is a newline, and there is one at its end. */
static void file(struct draft *d, enum key key, const char *value, struct item *it)
{
	const char *w[2] = { NULL, "" };
	char *text, *to;

	if (!split(d, key, value, w, 1, 2, "DEST TEXT"))
		return;
	it->word[0] = place(d, key, w[0]);
	it->word[1] = text = to = draft_alloc(d, strlen(w[1]) + 2);
	for (const char *at = w[1]; text && *at; at++) {
		bool newline = at[0] == '\\' && at[1] == 'n';

		*to++ = newline ? '\n' : *at;
		at += newline;
	}
	if (text)
		*to = '\n';
}

static void hide(struct draft *d, enum key key, const char *value, struct item *it)
{
	const char *w[2] = { NULL }, *arg;

	if (!split(d, key, value, w, 1, 2, "PATH [optional]"))
		return;
	it->word[0] = place(d, key, w[0]);
	if (w[1] && split_flags(d, key, w[1], WORDS(words_of_hide), &it->flags, &arg))
		it->flags = MOUNT_OPTIONAL;
}

/* A value that is one path and nothing else. */
static void one(struct draft *d, enum key key, const char *value, struct item *it)
{
	const char *w[1];

	if (split(d, key, value, w, 1, 1, it->op == ITEM_RO ? "PATH" : "DEST"))
		it->word[0] = (it->op == ITEM_RO ? path : place)(d, key, w[0]);
}

/* Those that have no row are one path. */
typedef void form(struct draft *d, enum key key, const char *value, struct item *it);
static form *const forms[ITEMS] = {
	[ITEM_ROOT] = root,	  [ITEM_BIND] = bind,		[ITEM_TMPFS] = tmpfs,
	[ITEM_OVERLAY] = overlay, [ITEM_OVERLAY_TMP] = overlay, [ITEM_SYMLINK] = symlink,
	[ITEM_DIR] = dir,	  [ITEM_FILE] = file,		[ITEM_HIDE] = hide,
};

void mounts_value(struct draft *d, enum key key, const char *value, struct item *it)
{
	(forms[it->op] ? forms[it->op] : one)(d, key, value, it);
}
