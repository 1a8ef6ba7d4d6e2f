#include "log/log.h"


#include "log/reader.h"

enum { INDEX_FROM = 1024 * 1024 /* bytes: what is less is read as fast */ };

/* One question on its way through the log. */
struct walk {
	struct log *log;
	const struct log_query *query;
	int (*each)(void *context, const struct log_event *event);
	void *context;
	struct log_hit
		*ring; /* the last `limit` hits; NULL: without a limit they are given at once */
	size_t limit, found; /* its size; hits that were put into it, ever */
	bool resumes;	     /* after a wrong index: what came up to here was given already */
	struct log_hit given;
};

struct log *log_open(struct arena *arena, const char *path, bool index, const char **complaint)
{
	struct log *log = arena_alloc(arena, sizeof(*log));
	uint64_t bytes = 0;

	log->arena = arena;
	log->window_fd = -1;
	if (log_files_open(arena, path != NULL ? path : ROLEGATE_LOG_DIR, &log->files, complaint) <
		0) {
		log_files_close(&log->files);
		return NULL;
	}
	for (size_t i = 0; i < log->files.count; i++)
		bytes += log->files.items[i].size;
	if (index && bytes >= INDEX_FROM)
		log->index = log_index_open(log);
	return log;
}

void log_close(struct log *log)
{
	if (log == NULL)
		return;
	log_index_close(log->index);
	log->index = NULL;
	log_files_close(&log->files);
}

void log_set_hooks(struct log *log, const struct log_hooks *hooks)
{
	log->hooks = *hooks;
}

static int give(const struct walk *walk, const struct log_hit *hit, const struct log_line *line,
	const struct line_fields *fields)
{
	struct log_event event = {.sequence = hit->sequence,
		.text = line->text,
		.length = line->length,
		.file = walk->log->files.items[hit->file].path,
		.line = hit->number,
		.fields = fields};

	return walk->each(walk->context, &event);
}

static int compare_hits(const struct log_hit *left, const struct log_hit *right)
{
	if (left->file != right->file)
		return left->file < right->file ? -1 : 1;
	return left->offset < right->offset ? -1 : left->offset > right->offset;
}

static int take_event(void *context, const struct log_hit *hit, const struct log_line *line,
	const struct line_fields *fields)
{
	struct walk *walk = context;

	if (!log_matches(walk->query, fields) ||
		(walk->resumes && compare_hits(hit, &walk->given) <= 0))
		return 0;
	if (walk->ring == NULL)
		return give(walk, hit, line, fields);
	walk->ring[walk->found++ % walk->limit] = *hit;
	return 0;
}

static int take_damage(void *context, size_t file, uint64_t line, const char *what)
{
	const struct walk *walk = context;

	log_warn(walk->log, file, line, what);
	return 0;
}

/* Every file from where it stands on. */
static int scan_files(struct walk *walk, const char **complaint)
{
	const struct log_sink sink = {walk, take_event, take_damage, "log", false};
	int result = 0;

	for (size_t i = 0; i < walk->log->files.count && result == 0; i++)
		result = log_scan(walk->log, i, &sink, complaint);
	return result;
}

static void rewind_files(struct log *log)
{
	for (size_t i = 0; i < log->files.count; i++) {
		log->files.items[i].offset = 0;
		log->files.items[i].line = 1;
	}
}

/* A hit that was found is read again. 0, -1: it is not there, 1: it is not what is asked for. */
static int read_hit(const struct walk *walk, const struct log_hit *hit, struct log_line *line,
	struct line_fields *fields)
{
	if (hit->file >= walk->log->files.count || log_read_at(walk->log, hit, line) < 0 ||
		line_fields(line->text, line->length, fields) < 0)
		return -1;
	return log_matches(walk->query, fields) ? 0 : 1;
}

static int give_ring(const struct walk *walk, const char **complaint)
{
	size_t count = walk->found < walk->limit ? walk->found : walk->limit;
	struct line_fields fields;
	struct log_line line;
	int result = 0;

	for (size_t i = walk->found - count; i < walk->found && result == 0; i++) {
		const struct log_hit *hit = &walk->ring[i % walk->limit];

		if (read_hit(walk, hit, &line, &fields) != 0) {
			*complaint = "the log was changed while it was read";
			return -1;
		}
		result = give(walk, hit, &line, &fields);
	}
	return result;
}

/* What the index has, as it comes. -1 in *right: it is wrong, and some may have been given. */
static int give_indexed(struct walk *walk, int *right)
{
	struct line_fields fields;
	struct log_line line;
	struct log_hit hit;
	int result = 0, read;

	while (result == 0 && (*right = log_index_next(walk->log->index, &hit)) == 1) {
		read = read_hit(walk, &hit, &line, &fields);
		if (read < 0) {
			*right = -1;
			break;
		}
		result = read == 0 ? give(walk, &hit, &line, &fields) : 0;
		walk->given = hit;
		walk->resumes = true;
	}
	return result;
}

/* The last ones that the index has, into the ring; -1: it is wrong. */
static int keep_indexed(struct walk *walk)
{
	struct log_hit *last = arena_array(walk->log->arena, walk->limit, sizeof(*last));
	struct line_fields fields;
	struct log_line line;
	size_t count = 0;
	int more = 0, read;

	while (count < walk->limit &&
		(more = log_index_next(walk->log->index, &last[count])) == 1) {
		read = read_hit(walk, &last[count], &line, &fields);
		if (read < 0)
			return -1;
		count += read == 0;
	}
	while (more >= 0 && count > 0)
		walk->ring[walk->found++ % walk->limit] = last[--count];
	return more < 0 ? -1 : 0;
}

/* 0: the files stand where the index ends; -1: it was wrong and is gone, all is to be scanned. */
static int ask_index(struct walk *walk, int *result)
{
	struct log *log = walk->log;
	int right = -1;

	*result = 0;
	if (log_index_update(log) == 0 &&
		log_index_select(log->index, walk->query, walk->ring != NULL) == 0) {
		if (walk->ring != NULL)
			right = keep_indexed(walk);
		else
			*result = give_indexed(walk, &right);
	}
	if (right >= 0)
		return 0;
	log_index_discard(log);
	walk->found = 0;
	return -1;
}

/* Whether anything is left out: an index is no help in reading all. */
static bool is_selective(const struct log_query *query)
{
	return query->user != NULL || query->role != NULL || query->command != NULL ||
	       query->run_as != NULL || query->request != NULL || query->endpoint != NULL ||
	       query->operation != NULL || query->denied || query->pipeline != NULL ||
	       query->session != NULL || query->approval != NULL || query->reason != NULL ||
	       query->since != 0 || query->until != 0 || query->limit != 0;
}

/* No file has more lines than a part of its bytes; a limit above that is none. */
static size_t limit_of(const struct log *log, size_t limit)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < log->files.count; i++)
		bytes += log->files.items[i].size;
	return limit <= bytes ? limit : 0;
}

int log_each(struct log *log, const struct log_query *query,
	int (*each)(void *context, const struct log_event *event), void *context,
	const char **complaint)
{
	struct walk walk = {.log = log, .query = query, .each = each, .context = context};
	int result = 0;

	if (log_files_look(&log->files, complaint) < 0)
		return -1;
	walk.limit = limit_of(log, query->limit);
	if (walk.limit > 0)
		walk.ring = arena_array(log->arena, walk.limit, sizeof(*walk.ring));
	if (log->index == NULL || !is_selective(query) || ask_index(&walk, &result) < 0)
		rewind_files(log);
	if (result == 0)
		result = scan_files(&walk, complaint);
	return result == 0 && walk.ring != NULL ? give_ring(&walk, complaint) : result;
}

int log_more(struct log *log, const struct log_query *query,
	int (*each)(void *context, const struct log_event *event), void *context,
	const char **complaint)
{
	struct walk walk = {.log = log, .query = query, .each = each, .context = context};

	if (log_files_look(&log->files, complaint) < 0)
		return -1;
	return scan_files(&walk, complaint);
}
