using Xunit;

namespace Releases.EndToEnd.Tests.CommandLine;

/// <summary>The native tool with real editors, and with editors and tools that die.</summary>
[Collection("racks")]
public sealed class An_environment_that_is_edited : IAsyncLifetime
{
    private readonly TestRack _rack = new();
    private readonly string _memory = Directory.CreateTempSubdirectory("convox-memory-").FullName;

    public async ValueTask InitializeAsync()
    {
        _rack.Variables["XDG_RUNTIME_DIR"] = _memory;
        await _rack.Do("apps", "create", "hello");
        await _rack.Set("SECRET=one two");
    }

    public async ValueTask DisposeAsync()
    {
        await _rack.DisposeAsync();
        Directory.Delete(_memory, recursive: true);
    }

    [Fact]
    public async Task Is_what_an_editor_with_arguments_made_of_it_and_nothing_is_left()
    {
        _rack.Variables["VISUAL"] = "sed -i -e 's/one two/three/'";
        _rack.Variables["EDITOR"] = "false";
        Assert.Contains("env change:SECRET", await _rack.Do("env", "edit"), StringComparison.Ordinal);
        Assert.Equal("SECRET=three\n", await _rack.Do("env"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_memory));
    }

    [Theory]
    [InlineData("false", "exited with code 1")]
    [InlineData("/no/such/editor", "exited with code 127")]
    [InlineData("sh -c 'kill -9 $$'", "exited with code 137")]
    public async Task Stays_as_it_is_when_the_editor_fails(string editor, string says)
    {
        _rack.Variables["VISUAL"] = editor;
        var run = await _rack.Run("env", "edit");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("error CONVOX0039: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_memory));
    }

    [Fact]
    public async Task Is_left_to_the_editor_by_Ctrl_C()
    {
        var (begun, go) = (Path.Combine(_memory, "begun"), Path.Combine(_memory, "go"));
        _rack.Variables["VISUAL"] = $"sh -c 'touch {begun}; until [ -e {go} ]; do sleep 0.05; done; echo NEW=1 >> \"$0\"'";
        var editing = _rack.Start("env", "edit");
        await _rack.Until(() => Task.FromResult(File.Exists(begun)), "the editor runs");
        TestRack.Signal(editing.ProcessId, "INT");
        await File.WriteAllTextAsync(go, "");
        var edited = await editing.Ended;
        Assert.True(edited.ExitCode == 0, edited.All);
        Assert.Equal("NEW=1\nSECRET='one two'\n", await _rack.Do("env"));
    }

    [Fact]
    public async Task Leaves_nothing_in_memory_when_the_tool_is_killed_and_started_again()
    {
        var pid = Path.Combine(_memory, "pid");
        _rack.Variables["VISUAL"] = $"sh -c 'echo $$ > {pid}; exec sleep 600'";
        var editing = _rack.Start("env", "edit");
        await _rack.Until(() => Task.FromResult(File.Exists(pid) && File.ReadAllText(pid).Length > 1), "the editor runs");
        await _rack.Do("env");
        Assert.Single(Directory.EnumerateDirectories(_memory));
        TestRack.Signal(editing.ProcessId, "KILL");
        TestRack.Signal(int.Parse(File.ReadAllText(pid), System.Globalization.CultureInfo.InvariantCulture), "KILL");
        await editing.Ended;

        await _rack.Do("env");
        Assert.Empty(Directory.EnumerateDirectories(_memory));
    }
}
