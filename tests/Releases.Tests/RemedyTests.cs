using Xunit;

namespace Releases.Tests;

public sealed class RemedyTests
{
    [Fact]
    public void Reads_as_sentences_with_each_command_ready_to_be_copied() =>
        Assert.Equal(
            "List apps: dotnet convox apps. Create it: dotnet convox apps create hello",
            Remedy.Do(Operation.ListApps, "List apps").Or(Remedy.Do(Operation.CreateApp, "Create it", "hello")).ToString());

    [Fact]
    public void Puts_a_sentence_before_the_commands() =>
        Assert.Equal(
            "Did you mean web? List services: dotnet convox services",
            ((Remedy)"Did you mean web?")!.Or(Remedy.Do(Operation.ListServices, "List services")).ToString());

    [Fact]
    public void Of_another_rack_names_it() =>
        Assert.Equal(
            "Create it: dotnet convox rack init --rack aws://eu-west-1/staging",
            Remedy.Do(Operation.InitializeRack, "Create it").On("aws://eu-west-1/staging").ToString());

    [Theory]
    [InlineData("GREETING=Servus", "GREETING=Servus")]
    [InlineData("URL=http://localhost:80/a", "URL=http://localhost:80/a")]
    [InlineData("GREETING=Good day", "'GREETING=Good day'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("$HOME", "'$HOME'")]
    [InlineData("", "''")]
    public void Quotes_an_argument_as_a_shell_takes_it(string argument, string quoted) =>
        Assert.Equal($"Set it: dotnet convox env set {quoted}", Remedy.Do(Operation.SetEnvironment, "Set it", argument).ToString());

    [Fact]
    public void Is_equal_by_what_it_says()
    {
        Assert.Equal(Remedy.Do(Operation.Run, "Run it", "web", "ls"), Remedy.Do(Operation.Run, "Run it", "web", "ls"));
        Assert.NotEqual(Remedy.Do(Operation.Run, "Run it", "web", "ls"), Remedy.Do(Operation.Run, "Run it", "web", "id"));
    }

    [Fact]
    public void Is_recorded_without_the_options_of_the_request_and_keeps_them_for_the_user_interface()
    {
        var remedy = Remedy.Do(Operation.WatchPromotion, "Follow it").Or(Remedy.Pass(OperationOption.WaitLock, "Wait for it", "10m"));
        var recorded = Finding.From(new("CONVOX0012", "it runs.", remedy));
        Assert.Equal("Follow it: dotnet convox watch", recorded.Remedy);
        Assert.Equal(remedy, recorded.ToProblem(ProblemKind.Busy).Remedy);
    }

    [Fact]
    public void Survives_a_promotions_record()
    {
        var problem = new Problem("CONVOX0014", "it is missing.", Remedy.Do(Operation.SetEnvironment, "Set it", "A=…"));
        Assert.Equal(problem with { Kind = ProblemKind.Busy }, Finding.From(problem).ToProblem(ProblemKind.Busy));
        Assert.Equal("Set it.", new Finding("CONVOX0014", "it is missing.", "Set it.").ToProblem(ProblemKind.Failed).Remedy?.ToString());
    }
}
