package dirstore

// Watches is how many watches are told of changes at present.
func (s *Store) Watches() int {
	s.turn.Lock()
	defer s.turn.Unlock()
	return len(s.watches)
}
