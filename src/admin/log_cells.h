/* What a row of the event log says on a terminal, cell by cell: for log_table.c alone. */
#ifndef ROLEGATE_ADMIN_LOG_CELLS_H
#define ROLEGATE_ADMIN_LOG_CELLS_H

#include "admin/log_rows.h"

enum cell {
	CELL_TIME,
	CELL_WHO,
	CELL_ENDPOINT,
	CELL_LINE,
	CELL_RUN_AS,
	CELL_BY,
	CELL_OUTCOME,
	CELL_TOOK,
	CELL_REQUEST,
	CELLS
};

struct log_cells {
	const char *cells[CELLS]; /* escaped (R32); "" where there is nothing to say */
	bool bad;		  /* it failed, or was refused */
};

struct log_cells log_cells_of(struct arena *arena, const struct log_rows *rows, size_t number);

#endif
