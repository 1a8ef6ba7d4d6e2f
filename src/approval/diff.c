#include "approval/diff.h"

#include <stdbool.h>
#include <string.h>

struct side {
	struct line {
		const char *text;
		size_t length;
		bool no_newline;
	} * lines;
	size_t count;
};

struct script {
	char *marks; /* in the order of the output */
	size_t count;
};

static int split(struct arena *arena, const char *text, struct side *side)
{
	size_t count = 0;

	for (const char *at = text; *at != '\0'; at++)
		count += *at == '\n' || at[1] == '\0';
	if (count > DIFF_LINES_MAX)
		return -1;
	side->lines = arena_array(arena, count, sizeof(*side->lines));
	side->count = count;
	for (size_t i = 0; i < count; i++) {
		size_t length = strcspn(text, "\n");

		side->lines[i] = (struct line){text, length, text[length] == '\0'};
		text += length + 1;
	}
	return 0;
}

static bool same(const struct line *left, const struct line *right)
{
	return left->length == right->length && left->no_newline == right->no_newline &&
	       memcmp(left->text, right->text, left->length) == 0;
}

/*
 * Myers: `reach[k]` is how far down `before` the diagonal k (lines of before minus lines of after)
 * was followed with d changes. Each round is kept to walk back by.
 */
struct search {
	struct arena *arena;
	const struct side *before, *after;
	size_t skip; /* lines at the start that are the same */
	long n, m;   /* lines between those and the same ones at the end */
	int *rounds[DIFF_CHANGES_MAX +
		    1]; /* of d: 2d + 1 values, k from -d in steps of 2 at d + k */
	long d;
};

static int value(const struct search *search, long d, long k)
{
	return search->rounds[d][d + k];
}

/* Whether the way to diagonal k in round d came from k + 1, by a line of `after`. */
static bool came_down(const struct search *search, long d, long k)
{
	return k == -d || (k != d && value(search, d - 1, k - 1) < value(search, d - 1, k + 1));
}

static bool follow(struct search *search, long d, long k)
{
	long x = 0, y;

	if (d > 0)
		x = came_down(search, d, k) ? value(search, d - 1, k + 1)
					    : value(search, d - 1, k - 1) + 1;
	y = x - k;
	while (x < search->n && y < search->m && y >= 0 &&
		same(&search->before->lines[search->skip + (size_t)x],
			&search->after->lines[search->skip + (size_t)y])) {
		x++;
		y++;
	}
	search->rounds[d][d + k] = (int)x;
	return x >= search->n && y >= search->m;
}

static int find(struct search *search)
{
	for (long d = 0; d <= DIFF_CHANGES_MAX; d++) {
		search->rounds[d] = arena_array(
			search->arena, (size_t)(2 * d + 1), sizeof(search->rounds[0][0]));
		for (long k = -d; k <= d; k += 2)
			if (follow(search, d, k)) {
				search->d = d;
				return 0;
			}
	}
	return -1;
}

static void put(struct script *script, char mark, size_t times)
{
	memset(script->marks + script->count, mark, times);
	script->count += times;
}

/* From the end to the start; so the marks come in the wrong order, and are turned. */
static void walk_back(const struct search *search, struct script *script)
{
	long x = search->n, y = search->m;

	for (long d = search->d; d > 0; d--) {
		long k = x - y;
		bool down = came_down(search, d, k);
		long former = value(search, d - 1, down ? k + 1 : k - 1);
		long start = down ? former : former + 1;

		put(script, ' ', (size_t)(x - start));
		put(script, down ? '+' : '-', 1);
		x = former;
		y = former - (down ? k + 1 : k - 1);
	}
	put(script, ' ', (size_t)x);
	for (size_t i = 0; i < script->count / 2; i++) {
		char mark = script->marks[i];

		script->marks[i] = script->marks[script->count - 1 - i];
		script->marks[script->count - 1 - i] = mark;
	}
}

static int compare(struct arena *arena, const struct side *before, const struct side *after,
	struct script *script)
{
	struct search *search = arena_alloc(arena, sizeof(*search));
	size_t most = before->count < after->count ? before->count : after->count, start = 0,
	       end = 0;
	struct script middle = {arena_alloc(arena, before->count + after->count), 0};

	while (start < most && same(&before->lines[start], &after->lines[start]))
		start++;
	while (end < most - start && same(&before->lines[before->count - 1 - end],
					     &after->lines[after->count - 1 - end]))
		end++;
	*search = (struct search){.arena = arena, .before = before, .after = after, .skip = start};
	search->n = (long)(before->count - start - end);
	search->m = (long)(after->count - start - end);
	if (find(search) < 0)
		return -1;
	walk_back(search, &middle);
	script->marks = arena_alloc(arena, before->count + after->count);
	put(script, ' ', start);
	memcpy(script->marks + script->count, middle.marks, middle.count);
	script->count += middle.count;
	put(script, ' ', end);
	return 0;
}

struct writer {
	struct arena *arena;
	struct diff *diff;
	const struct script *script;
	const struct side *before, *after;
	size_t at, left, right; /* next mark, and next line of each side */
};

static struct diff_line *add(struct writer *writer)
{
	struct diff *diff = writer->diff;

	diff->lines = arena_grow(writer->arena, diff->lines, diff->count, sizeof(*diff->lines));
	return &diff->lines[diff->count++];
}

/* Where the hunk that begins at `start` ends: after it come more equal lines than two contexts. */
static size_t hunk_end(const struct script *script, size_t start)
{
	size_t end = start, equal = 0;

	for (size_t i = start; i < script->count && equal <= 2 * DIFF_CONTEXT; i++) {
		equal = script->marks[i] == ' ' ? equal + 1 : 0;
		if (equal == 0)
			end = i + 1;
	}
	end += DIFF_CONTEXT;
	return end < script->count ? end : script->count;
}

static void add_head(struct writer *writer, size_t end)
{
	size_t removed = 0, added = 0;
	struct diff_line *line;
	char *text;

	for (size_t i = writer->at; i < end; i++) {
		removed += writer->script->marks[i] != '+';
		added += writer->script->marks[i] != '-';
	}
	text = arena_printf(writer->arena, "@@ -%zu,%zu +%zu,%zu @@", writer->left + (removed > 0),
		removed, writer->right + (added > 0), added);
	line = add(writer);
	*line = (struct diff_line){'@', text, strlen(text), false};
}

static void add_hunk(struct writer *writer, size_t end)
{
	add_head(writer, end);
	for (; writer->at < end; writer->at++) {
		char mark = writer->script->marks[writer->at];
		const struct line *line = mark == '+' ? &writer->after->lines[writer->right]
						      : &writer->before->lines[writer->left];

		*add(writer) = (struct diff_line){mark, line->text, line->length, line->no_newline};
		writer->left += mark != '+';
		writer->right += mark != '-';
		writer->diff->removed += mark == '-';
		writer->diff->added += mark == '+';
	}
}

static void add_hunks(struct writer *writer)
{
	const struct script *script = writer->script;

	for (size_t next = 0; next < script->count; next++) {
		size_t start;

		if (script->marks[next] == ' ')
			continue;
		start = next > writer->at + DIFF_CONTEXT ? next - DIFF_CONTEXT : writer->at;
		writer->left += start - writer->at;
		writer->right += start - writer->at;
		writer->at = start;
		add_hunk(writer, hunk_end(script, next));
		next = writer->at - 1;
	}
}

int diff_lines(struct arena *arena, const char *before, const char *after, struct diff *diff)
{
	struct side left, right;
	struct script script = {0};
	struct writer writer = {
		.arena = arena, .diff = diff, .script = &script, .before = &left, .after = &right};

	*diff = (struct diff){0};
	if (split(arena, before, &left) < 0 || split(arena, after, &right) < 0 ||
		compare(arena, &left, &right, &script) < 0)
		return -1;
	add_hunks(&writer);
	return 0;
}
