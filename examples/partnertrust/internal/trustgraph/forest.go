package trustgraph

import "slices"

// Tree is a certificate with what hangs below it.
type Tree struct {
	*Node
	Children []*Tree
}

// Forest arranges nodes as trees, for whoever draws or prints them: roots on
// top, every certificate once, below the first of its issuers. Further issuers,
// of cross-certified CAs, stay in Node.Issuers. What has no issuer in the store,
// or only such as wait for each other, is a tree of its own.
func Forest(nodes []*Node) []*Tree {
	trees := make(map[string]*Tree, len(nodes))
	for _, n := range nodes {
		trees[n.ID] = &Tree{Node: n}
	}
	below := map[string][]*Tree{}
	for _, n := range nodes {
		for _, issuer := range n.Issuers {
			below[issuer] = append(below[issuer], trees[n.ID])
		}
	}
	placed := map[string]bool{}
	var forest []*Tree
	grow := func(root *Tree) {
		if placed[root.ID] {
			return
		}
		placed[root.ID] = true
		forest = append(forest, root)
		// Level by level, so that a CA hangs where its path is shortest.
		for level := []*Tree{root}; len(level) > 0; {
			var next []*Tree
			for _, t := range level {
				for _, child := range below[t.ID] {
					if !placed[child.ID] {
						placed[child.ID] = true
						t.Children = append(t.Children, child)
						next = append(next, child)
					}
				}
			}
			level = next
		}
	}
	for _, n := range nodes {
		if n.Kind == Root {
			grow(trees[n.ID])
		}
	}
	for _, n := range nodes {
		if len(n.Issuers) == 0 {
			grow(trees[n.ID])
		}
	}
	for _, n := range nodes {
		grow(trees[n.ID])
	}
	return forest
}

// Parent is the id of the certificate above each in a forest, "" for the tops.
func Parent(forest []*Tree) map[string]string {
	parent := map[string]string{}
	todo := slices.Clone(forest)
	for len(todo) > 0 {
		t := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, child := range t.Children {
			parent[child.ID] = t.ID
		}
		todo = append(todo, t.Children...)
	}
	return parent
}
