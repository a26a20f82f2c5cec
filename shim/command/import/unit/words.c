#define _GNU_SOURCE
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "conf/account.h"
#include "conf/text.h"
#include "shim/command/import/unit/unit.h"

enum { LONGEST = 8192 };

/* Of the unit's name: PREFIX@INSTANCE.service. */
static bool put_name(struct unit *u, char letter, struct text *t)
{
	const char *name = u->name, *at = strchr(name, '@'), *dot = strrchr(name, '.');
	const char *end = dot ? dot : name + strlen(name);
	bool instance = strchr("iI", letter);

	if (!name[0] || (instance && (!at || at + 1 >= end)))
		return false;
	if (letter == 'n')
		text_str(t, name);
	else if (letter == 'N')
		text_bytes(t, name, (size_t)(end - name));
	else if (letter == 'p')
		text_bytes(t, name, (size_t)((at ? at : end) - name));
	else
		for (const char *c = at + 1; c < end; c++) {
			unsigned code;
			bool coded = letter == 'I' && sscanf(c, "\\x%2x", &code) == 1;
			char byte = coded ? (char)code : letter == 'I' && *c == '-' ? '/' : *c;

			text_bytes(t, &byte, 1);
			c += coded ? 3 : 0;
		}
	return true;
}

/* Of the machine. */
static bool put_host(char letter, struct text *t)
{
	struct utsname name;

	if (uname(&name))
		return false;
	if (letter == 'v')
		text_str(t, name.release);
	else
		text_bytes(t, name.nodename,
			   letter == 'H' ? strlen(name.nodename) : strcspn(name.nodename, "."));
	return true;
}

struct folder {
	char letter;
	char of_root[12];  /* for the manager of the system */
	char variable[16]; /* for a user's own */
	char in_home[16];
};

static bool put_folder(const struct unit *u, const struct folder *f, struct text *t)
{
	const char *set = u->own && f->variable[0] ? getenv(f->variable) : NULL;
	const char *home = getenv("HOME");

	if (!u->own)
		text_str(t, f->of_root);
	else if (set && set[0] == '/')
		text_str(t, set);
	else if (f->letter == 't') {
		text_str(t, "/run/user/");
		text_num(t, geteuid());
	} else if (f->in_home[0] && home) {
		text_str(t, home);
		text_str(t, f->in_home + 1);
	} else if (f->variable[0] || !f->of_root[0]) {
		return false;
	} else {
		text_str(t, f->of_root);
	}
	return true;
}

/* What `%` and the letter stand for, for the user who imports. False: nothing that is known here. */
static bool put(struct unit *u, char letter, struct text *t)
{
	static const struct folder folders[] = {
		{ 'h', "/root", "HOME", "" },
		{ 't', "/run", "XDG_RUNTIME_DIR", "" },
		{ 'S', "/var/lib", "XDG_STATE_HOME", "~/.local/state" },
		{ 'C', "/var/cache", "XDG_CACHE_HOME", "~/.cache" },
		{ 'E', "/etc", "XDG_CONFIG_HOME", "~/.config" },
		{ 'L', "/var/log", "-", "" },
		{ 'T', "/tmp", "", "" },
		{ 'V', "/var/tmp", "", "" },
	};

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (folders[i].letter == letter)
			return put_folder(u, folders + i, t);
	switch (letter) {
	case '%':
		text_str(t, "%");
		return true;
	case 'u':
		return account_field(geteuid(), ACCOUNT_NAME, t);
	case 'U':
		text_num(t, geteuid());
		return true;
	case 'G':
		text_num(t, getegid());
		return true;
	case 'n':
	case 'N':
	case 'p':
	case 'i':
	case 'I':
		return put_name(u, letter, t);
	case 'H':
	case 'l':
	case 'v':
		return put_host(letter, t);
	default:
		return false;
	}
}

const char *unit_text(struct unit *u, const struct unit_line *l, const char *text)
{
	char buf[LONGEST], why[40] = "it is too long";
	struct text t = text_in(buf, sizeof buf);

	for (; *text; text++) {
		if (*text != '%') {
			text_bytes(&t, text, 1);
		} else if (!put(u, *++text, &t)) {
			snprintf(why, sizeof why, "there is no `%%%.1s` here", text);
			t.cut = true;
			break;
		}
	}
	if (!t.cut)
		return unit_print(u, "%s", buf);
	unit_lost(u, l, why);
	return NULL;
}

/* One of the letters after a backslash, or a number; *at: its last character. 0: neither. */
static unsigned long escaped(const char **at)
{
	static const char letters[] = "abfnrtv\\\"'s", bytes[] = "\a\b\f\n\r\t\v\\\"' ";
	static const struct {
		char letter, digits, base;
	} numbers[] = { { 'x', 2, 16 }, { 'u', 4, 16 }, { 'U', 8, 16 }, { '\0', 3, 8 } };
	const char *c = strchr(letters, **at);
	char digits[9], *end;
	unsigned long n;

	if (c && *c)
		return (unsigned char)bytes[c - letters];
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		bool letter = numbers[i].letter;

		if (letter && **at != numbers[i].letter)
			continue;
		snprintf(digits, (size_t)numbers[i].digits + 1, "%s", *at + letter);
		n = strspn(digits, "0123456789abcdefABCDEF") == strlen(digits)
			    ? strtoul(digits, &end, numbers[i].base)
			    : 0;
		if (!n || *end || strlen(digits) != (size_t)numbers[i].digits)
			return 0;
		*at += numbers[i].digits - !letter;
		return n;
	}
	return 0;
}

/* \u and \U are code points, in UTF-8. */
static void put_escaped(struct text *t, unsigned long code, bool point)
{
	char byte;
	int more = !point || code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;

	byte = (char)(more ? (0xff00 >> (more + 1) & 0xff) | code >> 6 * more : code);
	text_bytes(t, &byte, 1);
	while (more--) {
		byte = (char)(0x80 | (code >> 6 * more & 0x3f));
		text_bytes(t, &byte, 1);
	}
}

/* Quotes may be in the midst of a word, as a shell has them. Null: it is none. */
static const char *plain(const char **at, char *buf, const char **why)
{
	struct text t = text_in(buf, LONGEST);
	const char *c = *at;
	char quote = '\0';

	for (; *c && (quote || !strchr(" \t", *c)); c++) {
		bool point = *c == '\\' && strchr("uU", c[1]);
		unsigned long code = 0;

		if (*c == '\\' && c++ && !(code = escaped(&c))) {
			*why = "a backslash without a meaning";
			return NULL;
		}
		if (code)
			put_escaped(&t, code, point);
		else if (quote ? *c == quote : strchr("\"'", *c) != NULL)
			quote = quote ? '\0' : *c;
		else
			text_bytes(&t, c, 1);
	}
	*at = c;
	*why = "quotes that do not end";
	return quote ? NULL : buf;
}

bool unit_word(struct unit *u, const struct unit_line *l, const char **at, const char **word)
{
	char buf[LONGEST];
	const char *why;

	for (*word = NULL; !*word;) {
		*at += strspn(*at, " \t");
		if (!**at)
			return false;
		if (!plain(at, buf, &why)) {
			unit_wrong(u, l, why);
			*at += strlen(*at);
			return false;
		}
		*word = unit_text(u, l, buf);
	}
	return true;
}
