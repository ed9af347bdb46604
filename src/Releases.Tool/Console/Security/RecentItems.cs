namespace Releases.Tool;

/// <summary>Keeps the newest few items, each under a name that can't be guessed.</summary>
internal sealed class RecentItems<T>(int most) where T : class
{
    private readonly Lock _lock = new();
    private readonly OrderedDictionary<string, T> _all = new(StringComparer.Ordinal);

    public string Put(T value)
    {
        var name = Sessions.NewSecret();
        lock (_lock)
        {
            if (_all.Count == most) _all.RemoveAt(0);
            _all[name] = value;
        }

        return name;
    }

    public T? Find(string name)
    {
        lock (_lock) return _all.GetValueOrDefault(name);
    }

    /// <summary>Removes and returns an item, or returns null if it is gone.</summary>
    public T? Take(string name)
    {
        lock (_lock) return _all.Remove(name, out var value) ? value : null;
    }
}
