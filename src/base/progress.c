#include "base/progress.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { SILENT_MS = 2000, EVERY_MS = 200 };

static struct {
    const char *_Atomic program; /* NULL: not started */
    uint64_t total;
    int64_t started;       /* milliseconds */
    _Atomic int64_t begun; /* of this pass */
    _Atomic int64_t shown;
    _Atomic uint64_t bytes, rows;
    _Atomic bool visible;
} progress;

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

void progress_start(const char *program, uint64_t total)
{
    progress.total = total;
    int64_t time = now();
    progress.started = time;
    progress.begun = time;
    progress.shown = time;
    progress.program = program;
    atexit(progress_clear);
}

/* 1234567 as "1.2 million", 1234567 bytes as "1.2 MB". */
static void write_amount(char *text, size_t room, double amount, const char *const units[4])
{
    int unit = 0;
    while (amount >= 999.5 && unit < 3) {
        amount /= 1000;
        unit++;
    }
    snprintf(text, room, unit == 0 || amount >= 99.95 ? "%.0f%s" : "%.1f%s", amount, units[unit]);
}

static void write_time(char *text, size_t room, double seconds)
{
    if (seconds < 99.5)
        snprintf(text, room, "%.0f s", seconds);
    else
        snprintf(text, room, "%.0f min", seconds / 60);
}

static void show(int64_t time)
{
    static const char *const bytes_units[] = {" bytes", " kB", " MB", " GB"};
    static const char *const rows_units[] = {"", " thousand", " million", " billion"};
    uint64_t bytes = progress.bytes, total = progress.total;
    double seconds = (double)(time - progress.begun) / 1000, rate = 0;
    char read[32], of[48] = "", rows[32], speed[32], left[64] = "", percent[16] = "", line[256];
    if (seconds > 0)
        rate = (double)bytes / seconds;
    write_amount(read, sizeof read, (double)bytes, bytes_units);
    write_amount(rows, sizeof rows, (double)progress.rows, rows_units);
    write_amount(speed, sizeof speed, rate, bytes_units);
    if (total > 0 && bytes <= total) {
        char whole[32], time_left[24];
        write_amount(whole, sizeof whole, (double)total, bytes_units);
        snprintf(of, sizeof of, " of %s", whole);
        snprintf(percent, sizeof percent, "%d%%, ", (int)(100 * (double)bytes / (double)total));
        write_time(time_left, sizeof time_left, rate > 0 ? (double)(total - bytes) / rate : 0);
        snprintf(left, sizeof left, ", %s left", time_left);
    }
    int size = snprintf(line, sizeof line, "\r%s: %s%s%s, %s rows, %s/s%s\033[K", progress.program,
                        percent, read, of, rows, speed, left);
    progress.visible = true;
    if (size > 0 && write(STDERR_FILENO, line, (size_t)size) < 0)
        progress.program = NULL; /* nobody listens */
}

void progress_bytes(uint64_t bytes)
{
    if (progress.program == NULL)
        return;
    progress.bytes += bytes;
    int64_t time = now(), shown = progress.shown;
    if (time - progress.started < SILENT_MS || time - shown < EVERY_MS)
        return;
    /* One thread of several takes it upon itself. */
    if (atomic_compare_exchange_strong(&progress.shown, &shown, time))
        show(time);
}

void progress_rows(uint64_t rows)
{
    if (progress.program != NULL)
        progress.rows += rows;
}

void progress_again(void)
{
    progress.bytes = 0;
    progress.rows = 0;
    progress.begun = now();
}

void progress_clear_before(int descriptor)
{
    if (progress.visible && isatty(descriptor))
        progress_clear();
}

void progress_clear(void)
{
    static const char erase[] = "\r\033[K";
    if (atomic_exchange(&progress.visible, false) &&
        write(STDERR_FILENO, erase, sizeof erase - 1) < 0)
        progress.program = NULL;
}
