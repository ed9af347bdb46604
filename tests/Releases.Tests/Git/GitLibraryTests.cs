using System.Reflection;
using System.Runtime.Loader;
using Xunit;

namespace Releases.Tests.Git;

/// <summary>Where git isn't installed, and its library isn't packed for the system either.</summary>
public sealed class GitLibraryTests : IDisposable
{
    private readonly TestRepository _git = new();

    [Fact]
    public async Task Without_git_and_its_library_the_commit_is_recorded_with_a_warning()
    {
        _git.Write("a.txt", "a");
        var commit = _git.Commit("one");
        var described = await Describe(_git.Folder);
        Assert.Equal(commit, Property(described, "Commit"));
        Assert.Equal($"build {commit[..10]}", Property(described, "Description"));
        Assert.Equal(
            $"git can't read the commit's message in {_git.Folder}: git is not installed. The release is created without it. Install git.",
            Property(Property(described, "Warning")!, "Sentence"));
    }

    [Fact]
    public async Task An_app_below_a_repository_that_cannot_be_read_belongs_to_it()
    {
        _git.Write("a.txt", "a");
        var commit = _git.Commit("one");
        var app = Directory.CreateDirectory(Path.Combine(_git.Folder, "app")).FullName;
        Assert.Equal(commit, Property(await Describe(app), "Commit"));
    }

    public void Dispose() => _git.Dispose();

    private static async Task<object> Describe(string folder)
    {
        var read = new NoNativeLibrary().LoadFromAssemblyPath(typeof(GitDescription).Assembly.Location)
            .GetType(typeof(GitDescription).FullName!)!
            .GetMethod("Read", BindingFlags.Static | BindingFlags.NonPublic,
                [typeof(string), typeof(string), typeof(TimeProvider), typeof(Func<string, string?>), typeof(CancellationToken)])!;
        Func<string, string?> nothing = _ => null;
        var reading = (Task)read.Invoke(null, [folder, null, TimeProvider.System, nothing, TestContext.Current.CancellationToken])!;
        await reading;
        return Property(reading, "Result")!;
    }

    private static object? Property(object of, string name) => of.GetType().GetProperty(name)!.GetValue(of);

    /// <summary>Loads the core and LibGit2Sharp once more, on a system that has no native library for it.</summary>
    private sealed class NoNativeLibrary : AssemblyLoadContext
    {
        protected override Assembly? Load(AssemblyName assemblyName) => assemblyName.Name == "LibGit2Sharp"
            ? LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "LibGit2Sharp.dll"))
            : null;

        protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
            throw new DllNotFoundException($"There is no {unmanagedDllName} here.");
    }
}
