/*
 * Mains: whole filters called as functions, their main() renamed when compiled for a harness.
 */
#ifndef FUZZ_MAINS_H
#define FUZZ_MAINS_H

int aggregate_main(int argc, char **argv);
int derive_main(int argc, char **argv);
int filter_main(int argc, char **argv);
int ingest_main(int argc, char **argv);
int lookup_main(int argc, char **argv);
int pick_main(int argc, char **argv);
int rank_main(int argc, char **argv);
int share_main(int argc, char **argv);
int unpivot_main(int argc, char **argv);

#endif
