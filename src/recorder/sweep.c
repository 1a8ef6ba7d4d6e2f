#include "recorder/sweep.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/message.h"
#include "recorder/expire.h"

void sweep_end(struct sweep *sweep)
{
	sweep->step = SWEEP_OVER;
	sweep->kept = sweep->shares.room;
	walk_close(&sweep->walk);
	recovery_drop(&sweep->recovery);
	shares_close(&sweep->shares);
	oldest_close(&sweep->oldest);
}

static void give_up(struct sweep *sweep)
{
	message_error("transcripts can't be looked through: %m");
	sweep_end(sweep);
}

void sweep_begin(
	struct sweep *sweep, struct transcripts *all, const struct settings *settings, bool first)
{
	*sweep = (struct sweep){
		.all = all, .settings = settings, .step = SWEEP_LOOK, .first = first};
	if (walk_open(&sweep->walk, all->directory) != 0)
		give_up(sweep);
}

/* And the user's folder, with the last one. */
static int expire(struct sweep *sweep, struct arena *arena, uid_t uid, const char *request,
	uint64_t bytes, const char *reason)
{
	struct transcripts *all = sweep->all;
	char folder[TRANSCRIPT_PATH], path[TRANSCRIPT_PATH];

	(void)snprintf(folder, sizeof(folder), "%s/%u", TRANSCRIPT_DIRECTORY, uid);
	(void)snprintf(path, sizeof(path), "%s/%u/%.32s.cast", TRANSCRIPT_DIRECTORY, uid, request);
	if (expire_noted(all->ledger, arena, path,
		    ledger_event(arena, "expired", "{s:s,s:s,s:I,s:s,s:s}", "file", path, "req",
			    request, "bytes", (json_int_t)bytes, "reason", reason, "res",
			    "success")) != 0)
		return -1;
	(void)unlinkat(all->directory, folder, AT_REMOVEDIR);
	return 0;
}

static void look_at(struct sweep *sweep, struct arena *arena, const struct walk_file *file)
{
	uint64_t bytes = (uint64_t)file->status.st_size;
	int result = 0;

	if ((file->status.st_mode & 0200) != 0) {
		if (sweep->first && !transcripts_has_open(sweep->all, file->path))
			(void)recovery_begin(&sweep->recovery, sweep->all, file);
		return;
	}
	if (expire_is_old(file->status.st_mtime, sweep->settings->transcript_keep_age))
		result = expire(sweep, arena, file->uid, file->request, bytes, "age");
	else if (shares_add(&sweep->shares, file->uid, expire_room(bytes)) != 0)
		give_up(sweep);
	if (result != 0)
		sweep_end(sweep);
}

/* The next user who has more than the level. */
static void choose(struct sweep *sweep)
{
	const struct shares *shares = &sweep->shares;

	while (sweep->chosen < shares->count && shares->items[sweep->chosen].room <= sweep->level)
		sweep->chosen++;
	walk_close(&sweep->walk);
	sweep->oldest.count = 0;
	if (sweep->chosen == shares->count) {
		sweep_end(sweep);
		return;
	}
	sweep->step = SWEEP_CHOOSE;
	if (walk_open_user(&sweep->walk, sweep->all->directory, shares->items[sweep->chosen].uid) !=
		0)
		give_up(sweep);
}

/* All were looked at. */
static void decide(struct sweep *sweep)
{
	uint64_t keep = sweep->settings->transcript_keep_size;

	if (sweep->shares.room <= keep) {
		sweep_end(sweep);
		return;
	}
	sweep->level = shares_level(&sweep->shares, keep - keep / SWEEP_SLACK);
	sweep->chosen = 0;
	if (oldest_open(&sweep->oldest, OLDEST_MAX) != 0)
		give_up(sweep);
	else
		choose(sweep);
}

static void look(struct sweep *sweep, struct arena *arena)
{
	struct walk_file file;
	enum walk_result result;

	if (sweep->recovery.found != NULL) {
		if (recovery_go_on(&sweep->recovery, sweep->all, arena) == 0)
			sweep->recovered++;
		return;
	}
	result = walk_next(&sweep->walk, &file);
	if (result == WALK_FILE)
		look_at(sweep, arena, &file);
	else if (result == WALK_END)
		decide(sweep);
}

static void choose_among(struct sweep *sweep)
{
	struct walk_file file;
	enum walk_result result = walk_next(&sweep->walk, &file);

	if (result == WALK_FILE && (file.status.st_mode & 0200) == 0)
		oldest_add(&sweep->oldest, file.request, file.status.st_mtime,
			(uint64_t)file.status.st_size);
	if (result != WALK_END)
		return;
	oldest_sort(&sweep->oldest);
	sweep->removed = 0;
	sweep->step = SWEEP_REMOVE;
}

/* There may be more of them than were chosen; if there were none at all, the count was wrong. */
static void remove_oldest(struct sweep *sweep, struct arena *arena)
{
	struct share *share = &sweep->shares.items[sweep->chosen];
	const struct oldest_file *file = &sweep->oldest.files[sweep->removed];

	if (share->room <= sweep->level || sweep->removed == sweep->oldest.count) {
		if (sweep->removed == 0)
			sweep->chosen++;
		choose(sweep);
		return;
	}
	sweep->removed++;
	if (expire(sweep, arena, share->uid, file->request, file->bytes, "size") == 0)
		shares_take(&sweep->shares, share, expire_room(file->bytes));
	else
		sweep_end(sweep);
}

bool sweep_slice(struct sweep *sweep)
{
	struct arena *arena = arena_new();
	long long end = event_ticks() + SWEEP_SLICE_TIME;

	for (unsigned i = 0; i < sweep->settings->slice && sweep->step != SWEEP_OVER; i++) {
		if (sweep->step == SWEEP_LOOK)
			look(sweep, arena);
		else if (sweep->step == SWEEP_CHOOSE)
			choose_among(sweep);
		else
			remove_oldest(sweep, arena);
		if (event_ticks() >= end)
			break;
	}
	arena_free(arena);
	return sweep->step != SWEEP_OVER;
}
