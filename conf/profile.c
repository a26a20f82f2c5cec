#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "conf/arena.h"
#include "conf/draft.h"
#include "conf/file.h"
#include "conf/match.h"
#include "conf/profile.h"
#include "conf/parse.h"

const char profile_built_in[] = "[built-in]\n"
				"net = new\n"
				"ipc = new\n"
				"uid_map = self\n"
				"gid_map = self\n";

enum { SMALL = 16384 /* a text up to this size is read into the profile's own arena */ };

static struct profile *no_memory(const char *name, profile_say *say, void *ctx)
{
	struct fault f;

	fault_set(&f, "mmap", NS_KINDS, name, ENOMEM);
	say(ctx, &f);
	return NULL;
}

/* An empty profile, with room for what `len` bytes of text say. */
static struct profile *make(const char *name, size_t len)
{
	struct arena *a = arena_new(6 * len + 2048);
	struct profile *p = a ? arena_alloc(a, sizeof *p) : NULL;

	if (p) {
		p->arena = a;
		p->name = arena_text(a, name, strlen(name));
	}
	if (p && p->name)
		return p;
	arena_free(a);
	return NULL;
}

static struct profile *build(struct profile *profile, const char *text, size_t len,
			     bool inline_rule, struct parse *p, profile_say *say, void *ctx)
{
	struct draft draft = {
		.profile = profile,
		.name = profile->name,
		.from_file = p->ino,
		.say = say,
		.ctx = ctx,
		.line = 1,
	};

	p->draft = &draft;
	draft_room(&draft, inline_rule ? 1 : parse_headers(text, len));
	if (inline_rule && !draft.no_memory)
		draft_begin(&draft, "inline", strlen("inline"));
	parse(p, text, len, inline_rule);
	if (!draft.faults && !draft.no_memory) {
		profile->index = match_index(profile);
		draft.no_memory = !profile->index;
	}
	if (draft.no_memory)
		no_memory(profile->name, say, ctx);
	if (profile->index)
		return profile;
	profile_free(profile);
	return NULL;
}

struct profile *profile_parse(const char *name, const char *text, size_t len, bool inline_rule,
			      profile_say *say, void *ctx)
{
	struct profile *p = make(name, len);
	struct parse top = { .handed = 0 };

	return p ? build(p, text, len, inline_rule, &top, say, ctx) : no_memory(name, say, ctx);
}

/* The text's memory is the profile's where it is little: a mapping costs more than a page. */
static struct profile *load(const char *path, file_trusts *trusts, profile_say *say, void *ctx)
{
	struct fault f;
	struct parse top;
	struct stat st = { 0 };
	int fd = file_open(path, trusts, &st, &f);
	size_t size = (size_t)st.st_size;
	struct profile *p = fd < 0 ? NULL : make(path, size);
	struct arena *own = p && size > SMALL ? arena_new(size + 1) : NULL;
	char *text = p ? arena_alloc(own ? own : p->arena, size + 1) : NULL;

	if (fd < 0) {
		say(ctx, &f);
	} else if (!text) {
		close(fd);
		profile_free(p);
		p = no_memory(path, say, ctx);
	} else if (file_read(fd, path, text, size, &f)) {
		say(ctx, &f);
		profile_free(p);
		p = NULL;
	} else {
		p->stamp = file_stamp(&st);
		p->large = size > SMALL;
		top = (struct parse){ .trusts = trusts, .dev = st.st_dev, .ino = st.st_ino };
		p = build(p, text, size, false, &top, say, ctx);
	}
	arena_free(own);
	return p;
}

struct profile *profile_load(const struct source *src, file_trusts *trusts, profile_say *say,
			     void *ctx)
{
	switch (src->kind) {
	case SOURCE_FILE:
		return load(src->text, trusts, say, ctx);
	case SOURCE_INLINE:
		return profile_parse("NSSHIM_PROFILE", src->text, strlen(src->text), true, say,
				     ctx);
	case SOURCE_BUILTIN:
		return profile_parse("built-in", profile_built_in, sizeof profile_built_in - 1,
				     false, say, ctx);
	default:
		return profile_parse("none", "", 0, false, say, ctx);
	}
}

void profile_free(struct profile *p)
{
	if (p)
		arena_free(p->arena);
}

const struct item *rule_item(const struct rule *r, enum item_op op)
{
	const struct item *it = r->item[item_row[op].phase];

	while (it && it->op != op)
		it = it->next;
	return it;
}

const struct ns_spec *rule_netns(const struct rule *r)
{
	for (unsigned i = 0; i < r->kinds; i++)
		if (r->ns[i].mode == NS_NETNS)
			return &r->ns[i];
	return NULL;
}

bool rule_is_empty(const struct rule *r)
{
	bool empty = !r->kinds && !rule_joins_process(r);

	for (int i = 0; i < PHASES; i++)
		empty &= !r->item[i];
	return empty;
}

const char *rule_map_word(const struct rule_map *m)
{
	switch (m->form) {
	case IDMAP_SELF:
		return "self";
	case IDMAP_AUTO:
		return "auto";
	case IDMAP_EXTENTS:
		return m->text;
	default:
		return "root";
	}
}

const struct rule *profile_rule(const struct profile *p, const char *name)
{
	for (unsigned i = 0; i < p->rules; i++)
		if (!strcmp(p->rule[i].name, name))
			return &p->rule[i];
	return NULL;
}
