/* A long answer, cut into PACKET_ANSWER packets. */
#ifndef ROLEGATE_PARTS_H
#define ROLEGATE_PARTS_H

#include "protocol/protocol.h"

/* Builds the packet of the next part of *text and moves *text on; NULL after the last one. */
void part_write(struct packet_writer *writer, const char **text, uint32_t status);

#endif
