namespace Releases.Testing;

/// <summary>Where this repository lies.</summary>
public static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string from)
    {
        for (var at = new DirectoryInfo(from); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "Releases.sln"))) return at.FullName;
        throw new InvalidOperationException($"{from} is not inside the repository.");
    }
}
