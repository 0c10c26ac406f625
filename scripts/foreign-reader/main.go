// Reads a whole log as others read it: with golang.org/x/mod/sumdb (the checksum database of Go) and filippo.io/torchwood (a
// client of c2sp.org/tlog-tiles), and not with a line of this project. Prints one line of JSON; ends with 1 when anything is wrong.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type found struct {
	Origin      string  `json:"origin"`
	Signatures  int     `json:"signatures"`
	Entries     int64   `json:"entries"`
	EntryBytes  int64   `json:"entry_bytes"`
	Inclusion   int     `json:"inclusion_proofs"`
	Consistency int     `json:"consistency_proofs"`
	Seconds     float64 `json:"seconds"`
}

// bearer sends the API key that entries need.
type bearer struct{ token string }

func (b bearer) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.Header.Set("Authorization", "Bearer "+b.token)
	return http.DefaultTransport.RoundTrip(request)
}

func main() {
	prefix := flag.String("prefix", "", "address of the log, with the checkpoint and tile/ below it")
	key := flag.String("key", "", "verifier key of the log")
	proofs := flag.Int("proofs", 200, "proofs of each kind, at random places")
	seed := flag.Uint64("seed", 1, "of these places")
	flag.Parse()
	result, err := read(*prefix, *key, *proofs, *seed)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	json.NewEncoder(os.Stdout).Encode(result)
}

func read(prefix, key string, proofs int, seed uint64) (*found, error) {
	began := time.Now()
	ctx := context.Background()
	client := &http.Client{Transport: bearer{os.Getenv("TALLY_KEY")}}
	fetcher, err := torchwood.NewTileFetcher(prefix, torchwood.WithHTTPClient(client))
	if err != nil {
		return nil, err
	}
	result, tree, err := open(ctx, fetcher, key)
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %w", err)
	}
	if err := entries(ctx, fetcher, tree, result); err != nil {
		return nil, fmt.Errorf("entries: %w", err)
	}
	if err := prove(ctx, fetcher, tree, proofs, seed, result); err != nil {
		return nil, err
	}
	result.Seconds = time.Since(began).Seconds()
	return result, nil
}

func open(ctx context.Context, fetcher *torchwood.TileFetcher, key string) (*found, tlog.Tree, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return nil, tlog.Tree{}, err
	}
	text, err := fetcher.ReadEndpoint(ctx, "checkpoint")
	if err != nil {
		return nil, tlog.Tree{}, err
	}
	signed, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return nil, tlog.Tree{}, err
	}
	checkpoint, err := torchwood.ParseCheckpoint(signed.Text)
	if err != nil {
		return nil, tlog.Tree{}, err
	}
	return &found{Origin: checkpoint.Origin, Signatures: len(signed.Sigs)}, checkpoint.Tree, nil
}

// entries reads each and holds it to the tile of its hash, and that to the root.
func entries(ctx context.Context, fetcher *torchwood.TileFetcher, tree tlog.Tree, result *found) error {
	client, err := torchwood.NewClient(fetcher)
	if err != nil {
		return err
	}
	// A pass ends before the entries of a partial tile; the next begins with them.
	for result.Entries < tree.N {
		before := result.Entries
		for index, entry := range client.Entries(ctx, tree, result.Entries) {
			if index != result.Entries {
				return fmt.Errorf("entry %d follows %d", index, result.Entries-1)
			}
			result.Entries++
			result.EntryBytes += int64(len(entry))
		}
		if err := client.Err(); err != nil {
			return err
		}
		if result.Entries == before {
			return fmt.Errorf("%d of %d entries", before, tree.N)
		}
	}
	return nil
}

// prove makes proofs from the tiles and checks them against the signed root.
func prove(ctx context.Context, fetcher *torchwood.TileFetcher, tree tlog.Tree, proofs int, seed uint64, result *found) error {
	random := rand.New(rand.NewPCG(seed, 0))
	client, err := torchwood.NewClient(fetcher)
	if err != nil {
		return err
	}
	hashes := torchwood.TileHashReaderWithContext(ctx, tree, fetcher)
	root, err := tlog.TreeHash(tree.N, hashes)
	if err != nil || root != tree.Hash {
		return fmt.Errorf("root: %v is not what was signed (%v)", root, err)
	}
	for range proofs {
		index := random.Int64N(tree.N)
		entry, proof, err := client.Entry(ctx, tree, index)
		if err != nil {
			return fmt.Errorf("entry %d: %w", index, err)
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)); err != nil {
			return fmt.Errorf("inclusion of %d: %w", index, err)
		}
		result.Inclusion++
		older := 1 + random.Int64N(tree.N)
		olderRoot, err := tlog.TreeHash(older, hashes)
		if err != nil {
			return fmt.Errorf("root of %d: %w", older, err)
		}
		consistency, err := tlog.ProveTree(tree.N, older, hashes)
		if err != nil {
			return fmt.Errorf("consistency with %d: %w", older, err)
		}
		if err := tlog.CheckTree(consistency, tree.N, tree.Hash, older, olderRoot); err != nil {
			return fmt.Errorf("consistency with %d: %w", older, err)
		}
		result.Consistency++
	}
	return nil
}
