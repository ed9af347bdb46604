using System.Collections;
using System.Collections.Immutable;

namespace Releases.Testing;

/// <summary>A list that a test reads while another thread still adds to it: whoever enumerates it sees it as it was when they
/// began.</summary>
public sealed class SharedList<T> : IReadOnlyList<T>
{
    private ImmutableList<T> _items = [];

    public int Count => Now.Count;

    public T this[int index]
    {
        get => Now[index];
        set => Change(items => items.SetItem(index, value));
    }

    private ImmutableList<T> Now => Volatile.Read(ref _items);

    public void Add(T item) => Change(items => items.Add(item));

    public void AddRange(IEnumerable<T> items)
    {
        // They are enumerated once, however often the change has to be tried.
        ImmutableList<T> added = [.. items];
        Change(all => all.AddRange(added));
    }

    public void Clear() => Change(_ => []);

    /// <summary>Where it has an item first; less than 0: nowhere.</summary>
    public int IndexOf(T item) => Now.IndexOf(item);

    /// <summary>Where it has an item last; less than 0: nowhere.</summary>
    public int LastIndexOf(T item) => Now.LastIndexOf(item);

    public IEnumerator<T> GetEnumerator() => Now.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Change(Func<ImmutableList<T>, ImmutableList<T>> change) => ImmutableInterlocked.Update(ref _items, change);
}
