using Xunit;

namespace Releases.Tool.Tests;

public sealed class RemedyTextTests
{
    private static readonly Remedy ListAndPromote = Remedy.Do(Operation.ListApps, "List apps")
        .Or(Remedy.Do(Operation.Promote, "Promote it", "v3"));

    [Fact]
    public void Names_the_app_and_the_rack_that_this_call_named()
    {
        Assert.Equal("List apps: dotnet convox apps. Promote it: dotnet convox promote v3",
            new RemedyText(null, null).Line(ListAndPromote));
        Assert.Equal(
            "List apps: dotnet convox apps --rack local:/srv/convox. Promote it: dotnet convox promote v3 --app hello --rack local:/srv/convox",
            new RemedyText("hello", "local:/srv/convox").Line(ListAndPromote));
    }

    [Fact]
    public void Names_an_app_once_that_the_remedy_itself_names() => Assert.Equal(
        "Follow it: dotnet convox watch --app other --rack local",
        new RemedyText("hello", "local").Line(Remedy.Do(Operation.WatchPromotion, "Follow it", "--app", "other")));

    [Fact]
    public void Names_a_rack_once_that_the_remedy_itself_names() => Assert.Equal(
        "Build it there: dotnet convox build --rack local:/srv/other --app hello",
        new RemedyText("hello", "local").Line(Remedy.Do(Operation.Build, "Build it there", "--rack", "local:/srv/other")));

    [Fact]
    public void Names_them_before_what_is_for_another_program() => Assert.Equal(
        "Publish it with the app: dotnet convox deploy --app hello --rack local -- --self-contained",
        new RemedyText("hello", "local").Line(Remedy.Do(Operation.Deploy, "Publish it with the app", "--", "--self-contained")));

    [Fact]
    public void Puts_each_command_at_the_end_of_a_line_of_its_own() =>
        Assert.Equal(["List apps: dotnet convox apps", "Promote it: dotnet convox promote v3 --app hello"],
            new RemedyText("hello", null).Lines(ListAndPromote));

    [Fact]
    public void Names_the_options_of_this_call_to_pass_or_to_leave_out() => Assert.Equal(
        "Use https. Wait for it: pass --wait-lock 10m. Add it without one: leave out --token-file",
        new RemedyText("hello", null).Line(Remedy.FromString("Use https.")
            .Or(Remedy.Pass(OperationOption.WaitLock, "Wait for it", "10m"))
            .Or(Remedy.LeaveOut(OperationOption.TokenFile, "Add it without one"))));

    [Fact]
    public void Every_option_is_one_of_a_command()
    {
        var options = EveryCommand.Of(EveryCommand.Root()).SelectMany(c => c.Options).Select(o => o.Name).ToHashSet();
        Assert.All(
            typeof(OperationOption).GetProperties().Where(p => p.PropertyType == typeof(OperationOption)),
            p => Assert.Contains(((OperationOption)p.GetValue(null)!).ToString(), options));
    }

    [Fact]
    public void Every_operation_is_listed() => Assert.Equal(
        typeof(Operation).GetProperties().Where(
            p => p.PropertyType == typeof(Operation)).Select(p => ((Operation)p.GetValue(null)!).Name).Order(),
        Operation.All.Select(o => o.Name).Order());

    [Fact]
    public void Every_operation_is_a_command()
    {
        var paths = EveryCommand.Of(EveryCommand.Root()).Select(CommandPath.Of).ToHashSet();
        Assert.All(Operation.All, operation => Assert.Contains(operation.Name, paths));
    }
}
