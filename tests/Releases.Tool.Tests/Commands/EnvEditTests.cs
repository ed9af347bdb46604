using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class EnvEditTests : Typing
{
    private readonly List<string> _files = [];

    [Fact]
    public async Task What_was_changed_in_the_editor_becomes_one_release()
    {
        await Having("KEPT=1", "CHANGED=1", "GONE=1");
        Writing(text => text.Replace("CHANGED=1", "CHANGED=two words", StringComparison.Ordinal)
            .Replace("GONE=1\n", "NEW='a\nb'\n", StringComparison.Ordinal));

        Assert.Equal(0, await Type("env", "edit"));
        Assert.EndsWith("): env add:NEW change:CHANGED remove:GONE\n", Data, StringComparison.Ordinal);
        await Type("env");
        Assert.Equal("CHANGED='two words'\nKEPT=1\nNEW='a\nb'\n", Data);
        Assert.All(_files, f => Assert.False(Directory.Exists(Path.GetDirectoryName(f))));
    }

    [Fact]
    public async Task Without_a_terminal_only_an_editor_that_was_chosen_is_started()
    {
        await Having("A=1");
        Variables.Remove("EDITOR");
        Writing(text => text + "B=2\n");
        Assert.Equal(2, await Type("env", "edit"));
        Assert.StartsWith("error CONVOX0039: there is no terminal to edit on. Nothing changed. Set EDITOR, or ", Talk,
            StringComparison.Ordinal);
        Assert.Empty(_files);
        Assert.Equal(0, await Type(at => at.Attended = true, "env", "edit"));
        Variables["VISUAL"] = "ed";
        Assert.Equal(0, await Type("env", "edit"));
    }

    [Fact]
    public async Task Nothing_changed_makes_no_release()
    {
        await Having("A=1");
        Writing(text => text + "\n# a comment\n");
        Assert.Equal(0, await Type("env", "edit"));
        Assert.Equal("Nothing changed: hello has this environment already, so no release was made.\n", Talk);
    }

    [Fact]
    public async Task What_others_changed_meanwhile_stays_unless_it_is_the_same_variable()
    {
        await Having("MINE=1", "THEIRS=1");
        ChangedMeanwhile("MINE=1", "MINE=2", ("THEIRS", "2"), ("ADDED", "3"));
        Assert.Equal(0, await Type("env", "edit"));
        await Type("env");
        Assert.Equal("ADDED=3\nMINE=2\nTHEIRS=2\n", Data);

        ChangedMeanwhile("MINE=2", "MINE=3", ("MINE", "other"));
        Assert.Equal(1, await Type("env", "edit"));
        Assert.StartsWith("error CONVOX0040: MINE changed while you were editing, so nothing was saved.", Talk, StringComparison.Ordinal);
        await Type("env", "get", "MINE");
        Assert.Equal("other\n", Data);

        ChangedMeanwhile("MINE=other", "MINE=same", ("MINE", "same"));
        Assert.Equal(0, await Type("env", "edit"));
    }

    [Fact]
    public async Task A_mistake_can_be_mended_on_a_terminal_and_is_an_error_elsewhere()
    {
        await Having("A=1");
        var times = 0;
        Writing(text => ++times == 1 ? text + "no equals sign\n" : text.Replace("no equals sign", "B=2", StringComparison.Ordinal));
        Assert.Equal(0, await Type(at => (at.Attended, at.Typed) = (true, "\n"), "env", "edit"));
        Assert.Contains("line 3 of the edited file isn't KEY=value: it has no '='. Nothing changed. Press Enter", Talk,
            StringComparison.Ordinal);
        Assert.Equal(2, times);

        Writing(text => text + "A B=1\n");
        Assert.Equal(2, await Type("env", "edit"));
        Assert.StartsWith("error CONVOX0005: line 4 of the edited file isn't KEY=value", Talk, StringComparison.Ordinal);

        Writing(text => text + "PORT=1\n");
        Assert.Equal(0, await Type("env", "edit"));
        Assert.StartsWith("warning: Line 4 of the edited file: PORT is skipped: the rack gives it to every process itself.", Talk,
            StringComparison.Ordinal);
        Assert.All(_files, f => Assert.False(File.Exists(f)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\n")]
    public async Task An_empty_file_changes_nothing(string left)
    {
        await Having("A=1");
        Writing(_ => left);
        Assert.Equal(1, await Type("env", "edit"));
        Assert.Equal(
            "error CONVOX0039: the edited file is empty; nothing changed. To remove all variables, delete their lines but keep the comment: "
                + "dotnet convox env edit\n", Talk);
        await Type("env");
        Assert.Equal("A=1\n", Data);
    }

    [Fact]
    public async Task The_comment_alone_removes_all_variables_and_an_empty_environment_may_stay_empty()
    {
        await Having("A=1");
        Writing(text => text.Split('\n')[0]);
        Assert.Equal(0, await Type("env", "edit"));
        Writing(_ => "");
        Assert.Equal(0, await Type("env", "edit"));
        await Type("env");
        Assert.Empty(Data);
    }

    public static TheoryData<string, int, string> Losses => new()
    {
        { "removed", 1, "error CONVOX0039: the edited file can't be read: it doesn't exist; nothing changed. Edit again, in an editor that "
            + "saves to the file it was given: dotnet convox env edit\n" },
        { "a folder", 1, "error CONVOX0039: the edited file can't be read: it is a folder; nothing changed. Edit again, in an editor that "
            + "saves to the file it was given: dotnet convox env edit\n" },
        { "not text", 2, "error CONVOX0005: the edited file isn't UTF-8 text. Nothing changed. Convert it, or encode binary values, "
            + "for example as base64.\n" },
    };

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task A_file_that_the_editor_loses_or_damages_changes_nothing(string how, int code, string sentence)
    {
        await Having("A=1");
        Edit = file =>
        {
            File.Delete(file);
            if (how == "a folder") Directory.CreateDirectory(file);
            if (how == "not text") File.WriteAllBytes(file, [(byte)'A', (byte)'=', 0xff, 0xfe]);
            return Task.CompletedTask;
        };
        Assert.Equal(code, await Type("env", "edit"));
        Assert.Equal(sentence, Talk);
        await Type("env");
        Assert.Equal("A=1\n", Data);
    }

    [Fact]
    public async Task Nobody_is_made_to_edit_what_cannot_be_promoted()
    {
        await Having("A=1");
        Edit = _ => throw new InvalidOperationException("The editor was opened.");
        Assert.Equal(2, await Type("env", "edit", "--timeout", "5m"));
        Assert.Contains("--timeout needs --promote. Add --promote, or leave it out.", Talk, StringComparison.Ordinal);
    }

    private async Task Having(params string[] pairs)
    {
        await Rack.Store.App(cancel: Ending);
        Assert.Equal(0, await Type(["env", "set", .. pairs]));
    }

    private void Writing(Func<string, string> change) => Edit = async file =>
    {
        _files.Add(file);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            new DirectoryInfo(Path.GetDirectoryName(file)!).UnixFileMode);
        await File.WriteAllTextAsync(file, change(await File.ReadAllTextAsync(file, Ending)), Ending);
    };

    private void ChangedMeanwhile(string from, string to, params (string Key, string Value)[] theirs)
    {
        Edit = async file =>
        {
            await new EnvironmentRelease(Rack, Time)
                .Create(new(A.App, new([.. theirs.Select(v => KeyValuePair.Create(v.Key, v.Value))], []), null, "somebody else"), Ending);
            await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file, Ending)).Replace(from, to, StringComparison.Ordinal),
                Ending);
        };
    }
}
